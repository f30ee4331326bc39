namespace Quicprochat.Quic.Packets;

/// <summary>What removing header protection brings to light. Nothing of it is authenticated before the payload has been opened.</summary>
/// <param name="FirstByte">The first byte in the clear.</param>
/// <param name="TruncatedPacketNumber">The low bytes of the packet number.</param>
/// <param name="PacketNumberLength">How many those are, 1 to 4.</param>
/// <param name="PayloadOffset">Index of the sealed payload.</param>
internal readonly record struct UnmaskedHeader(byte FirstByte, uint TruncatedPacketNumber, int PacketNumberLength, int PayloadOffset)
{
    /// <summary>The key phase of a short header (RFC 9001 §6).</summary>
    public bool KeyPhase => (FirstByte & 0x04) != 0;

    /// <summary>
    /// True when a reserved bit is set: PROTOCOL_VIOLATION, but only once the payload has been opened, because
    /// acting before that would tell an attacker something (RFC 9000 §17.2, §17.3.1).
    /// </summary>
    public bool HasReservedBits => (FirstByte & (InvariantHeader.IsLong(FirstByte) ? 0x0c : 0x18)) != 0;
}
