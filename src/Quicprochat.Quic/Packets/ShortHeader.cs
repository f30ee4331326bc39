namespace Quicprochat.Quic.Packets;

/// <summary>
/// The header of a 1-RTT packet (RFC 9000 §17.3.1):
/// <code>
/// Header Form (1) = 0, Fixed Bit (1) = 1, Spin Bit (1), Reserved Bits (2), Key Phase (1), Packet Number Length (2),
/// Destination Connection ID (0..160), Packet Number (8..32), Packet Payload (8..)
/// </code>
/// </summary>
internal readonly struct ShortHeader
{
    private const byte FixedBit = 0x40;
    private const byte SpinBit = 0x20;
    private const byte KeyPhaseBit = 0x04;

    /// <summary>Where the packet goes.</summary>
    public ConnectionId Destination { get; init; }

    /// <summary>The spin bit, which header protection leaves in the clear (RFC 9000 §17.4).</summary>
    public bool Spin { get; init; }

    /// <summary>Write: the key phase (RFC 9001 §6). When reading it is known only once header protection is removed.</summary>
    public bool KeyPhase { get; init; }

    /// <summary>Read: index of the (protected) packet number.</summary>
    public int PacketNumberOffset { get; private init; }

    /// <summary>Bytes that <see cref="Write"/> takes with a packet number of <paramref name="packetNumberLength"/> bytes.</summary>
    public int SizeWith(int packetNumberLength) => 1 + Destination.Length + packetNumberLength;

    /// <summary>Reads a header whose connection id, one that this end gave out, has <paramref name="connectionIdLength"/> bytes. The packet takes the rest of the datagram.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, int connectionIdLength, out ShortHeader header)
    {
        header = default;
        var reader = new Reader(packet);
        if (!reader.TryReadByte(out byte firstByte) || InvariantHeader.IsLong(firstByte) || (firstByte & FixedBit) == 0)
        {
            return false; // RFC 9000 §17.3.1: without the fixed bit it is not a packet of this version
        }
        if (!reader.TryReadConnectionId(connectionIdLength, out ConnectionId destination))
        {
            return false;
        }
        header = new ShortHeader { Destination = destination, Spin = (firstByte & SpinBit) != 0, PacketNumberOffset = reader.Position };
        return true;
    }

    /// <summary>Writes the header up to and with the packet number.</summary>
    public PacketLayout Write(ref Writer writer, long packetNumber, int packetNumberLength)
    {
        int start = writer.Position;
        int flags = FixedBit | (Spin ? SpinBit : 0) | (KeyPhase ? KeyPhaseBit : 0) | (packetNumberLength - 1);
        writer.WriteByte((byte)flags);
        writer.WriteConnectionId(Destination);
        int packetNumberOffset = writer.Position;
        Packets.PacketNumber.Write(ref writer, packetNumber, packetNumberLength);
        return new PacketLayout(start, packetNumberOffset, packetNumberLength, packetNumber);
    }
}
