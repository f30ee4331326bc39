namespace Quicprochat.Quic.Packets;

/// <summary>
/// A long header of version 1 (RFC 9000 §17.2). Initial, 0-RTT and Handshake:
/// <code>
/// Header Form (1) = 1, Fixed Bit (1) = 1, Long Packet Type (2), Reserved Bits (2), Packet Number Length (2),
/// Version (32), Destination Connection ID Length (8), Destination Connection ID (0..160),
/// Source Connection ID Length (8), Source Connection ID (0..160),
/// [Token Length (i), Token (..)] in an Initial, Length (i), Packet Number (8..32), Packet Payload (8..)
/// </code>
/// Retry ends with the Retry Token and a Retry Integrity Tag (128) instead, see <see cref="RetryIntegrity"/>.
/// </summary>
internal readonly ref struct LongHeader
{
    /// <summary>Bytes of the Length field as written here: the two-byte form, because it is filled in last.</summary>
    public const int LengthFieldSize = 2;

    private const byte FormAndFixedBits = 0xc0;
    private const byte FixedBit = 0x40;

    /// <summary>Which packet this is.</summary>
    public LongPacketType Type { get; init; }

    /// <summary>Where the packet goes.</summary>
    public ConnectionId Destination { get; init; }

    /// <summary>Where it comes from.</summary>
    public ConnectionId Source { get; init; }

    /// <summary>The token of an Initial or a Retry, otherwise empty.</summary>
    public ReadOnlySpan<byte> Token { get; init; }

    /// <summary>Read: index of the (protected) packet number, counted from the packet's first byte; 0 for a Retry.</summary>
    public int PacketNumberOffset { get; private init; }

    /// <summary>Read: bytes of the whole packet; what follows in the datagram is the next packet (RFC 9000 §12.2).</summary>
    public int PacketSize { get; private init; }

    /// <summary>Bytes that <see cref="Write"/> takes with a packet number of <paramref name="packetNumberLength"/> bytes.</summary>
    public int SizeWith(int packetNumberLength)
    {
        int token = Type == LongPacketType.Initial ? VarInt.SizeOf(Token.Length) + Token.Length : 0;
        return 1 + sizeof(uint) + 1 + Destination.Length + 1 + Source.Length + token + LengthFieldSize + packetNumberLength;
    }

    /// <summary>Reads the header at the start of what is left of a datagram.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out LongHeader header)
    {
        header = default;
        return InvariantHeader.TryRead(packet, out InvariantHeader invariant) && TryRead(packet, invariant, out header);
    }

    /// <summary>Reads on where <paramref name="invariant"/>, read from the same bytes, ends.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, scoped in InvariantHeader invariant, out LongHeader header)
    {
        header = default;
        if (invariant.Version != QuicVersion.V1 || (invariant.FirstByte & FixedBit) == 0)
        {
            return false; // RFC 9000 §17.2: without the fixed bit it is not a packet of this version
        }
        if (invariant.Destination.Length > ConnectionId.MaxLength || invariant.Source.Length > ConnectionId.MaxLength)
        {
            return false; // RFC 9000 §17.2: connection ids of version 1 have at most 20 bytes
        }
        var type = (LongPacketType)((invariant.FirstByte >> 4) & 0x03);
        return type == LongPacketType.Retry
            ? TryReadRetry(packet, invariant, out header)
            : TryReadNumbered(packet, invariant, type, out header);
    }

    /// <summary>Writes the header up to and with the packet number, the Length still 0: <see cref="PacketProtection.Seal"/> fills it in.</summary>
    public PacketLayout Write(ref Writer writer, long packetNumber, int packetNumberLength)
    {
        int start = writer.Position;
        writer.WriteByte((byte)(FormAndFixedBits | ((int)Type << 4) | (packetNumberLength - 1)));
        writer.WriteUInt32(QuicVersion.V1);
        writer.WriteByte((byte)Destination.Length);
        writer.WriteConnectionId(Destination);
        writer.WriteByte((byte)Source.Length);
        writer.WriteConnectionId(Source);
        if (Type == LongPacketType.Initial)
        {
            writer.WriteVarIntBytes(Token);
        }
        writer.WriteVarInt2(0);
        int packetNumberOffset = writer.Position;
        Packets.PacketNumber.Write(ref writer, packetNumber, packetNumberLength);
        return new PacketLayout(start, packetNumberOffset, packetNumberLength, packetNumber);
    }

    private static bool TryReadNumbered(ReadOnlySpan<byte> packet, scoped in InvariantHeader invariant, LongPacketType type, out LongHeader header)
    {
        header = default;
        var reader = new Reader(packet[invariant.Size..]);
        ReadOnlySpan<byte> token = default;
        if (type == LongPacketType.Initial && !reader.TryReadVarIntBytes(out token))
        {
            return false; // RFC 9000 §17.2.2
        }
        if (!reader.TryReadVarInt(out long length) || length > reader.Remaining)
        {
            return false; // RFC 9000 §17.2: Length runs beyond the datagram
        }
        int packetNumberOffset = invariant.Size + reader.Position;
        header = new LongHeader
        {
            Type = type,
            Destination = ConnectionId.From(invariant.Destination),
            Source = ConnectionId.From(invariant.Source),
            Token = token,
            PacketNumberOffset = packetNumberOffset,
            PacketSize = packetNumberOffset + (int)length,
        };
        return true;
    }

    private static bool TryReadRetry(ReadOnlySpan<byte> packet, scoped in InvariantHeader invariant, out LongHeader header)
    {
        header = default;
        int tokenLength = packet.Length - invariant.Size - RetryIntegrity.TagSize;
        if (tokenLength <= 0)
        {
            return false; // RFC 9000 §17.2.5.2: a Retry with an empty token is discarded
        }
        header = new LongHeader
        {
            Type = LongPacketType.Retry,
            Destination = ConnectionId.From(invariant.Destination),
            Source = ConnectionId.From(invariant.Source),
            Token = packet.Slice(invariant.Size, tokenLength),
            PacketSize = packet.Length,
        };
        return true;
    }
}
