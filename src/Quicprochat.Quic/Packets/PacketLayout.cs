namespace Quicprochat.Quic.Packets;

/// <summary>Where the parts of a packet lie that is being built in a buffer.</summary>
/// <param name="Start">Index of its first byte.</param>
/// <param name="PacketNumberOffset">Index of its packet number.</param>
/// <param name="PacketNumberLength">Bytes of its packet number, 1 to 4.</param>
/// <param name="PacketNumber">Its packet number in full.</param>
internal readonly record struct PacketLayout(int Start, int PacketNumberOffset, int PacketNumberLength, long PacketNumber)
{
    /// <summary>Index of the first frame.</summary>
    public int PayloadOffset => PacketNumberOffset + PacketNumberLength;

    /// <summary>Bytes of frames, PADDING included, that the payload has at least, so that header protection finds a whole sample (RFC 9001 §5.4.2).</summary>
    public int MinPayloadLength => Packets.PacketNumber.MaxLength - PacketNumberLength;
}
