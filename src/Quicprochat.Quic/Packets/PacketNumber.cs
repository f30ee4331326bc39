namespace Quicprochat.Quic.Packets;

/// <summary>Packet numbers on the wire: only as many low bytes as the peer needs to find the rest (RFC 9000 §17.1).</summary>
internal static class PacketNumber
{
    /// <summary>Stands for "none yet" where a largest packet number is asked for.</summary>
    public const long None = -1;

    /// <summary>The most bytes a packet number takes in a header.</summary>
    public const int MaxLength = 4;

    /// <summary>
    /// Bytes, 1 to 4, of <paramref name="packetNumber"/> when the peer has acknowledged <paramref name="largestAcknowledged"/>
    /// (<see cref="None"/> at first): a range of more than twice the distance (RFC 9000 §17.1, §A.2).
    /// </summary>
    public static int EncodedLength(long packetNumber, long largestAcknowledged) => (packetNumber - largestAcknowledged) switch
    {
        < 1L << 7 => 1,
        < 1L << 15 => 2,
        < 1L << 23 => 3,
        _ => 4,
    };

    /// <summary>The <paramref name="length"/> low bytes of <paramref name="packetNumber"/>.</summary>
    public static void Write(ref Writer writer, long packetNumber, int length)
    {
        Span<byte> destination = writer.Reserve(length);
        for (int i = length - 1; i >= 0; i--)
        {
            destination[i] = unchecked((byte)packetNumber);
            packetNumber >>= 8;
        }
    }

    /// <summary>The number nearest to the one expected next whose <paramref name="length"/> low bytes are <paramref name="truncated"/> (RFC 9000 §A.3).</summary>
    /// <param name="truncated">What the header holds.</param>
    /// <param name="length">Bytes it takes there, 1 to 4.</param>
    /// <param name="largest">The largest number of a packet that was opened in this space, <see cref="None"/> at first.</param>
    public static long Decode(uint truncated, int length, long largest)
    {
        long expected = largest + 1;
        long window = 1L << (8 * length);
        long half = window / 2;
        long candidate = (expected & ~(window - 1)) | truncated;
        if (candidate <= expected - half && candidate <= VarInt.Max - window)
        {
            return candidate + window;
        }
        if ((candidate > expected + half || candidate > VarInt.Max) && candidate >= window)
        {
            return candidate - window;
        }
        return candidate;
    }
}
