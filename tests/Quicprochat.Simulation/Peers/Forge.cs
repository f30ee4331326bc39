using Quicprochat.Simulation.Wire;

namespace Quicprochat.Simulation.Peers;

/// <summary>Writes frames and fields byte by byte, right ones and wrong ones.</summary>
internal static class Forge
{
    public static byte[] Ping() => [0x01];

    public static byte[] HandshakeDone() => [0x1e];

    public static byte[] Padding(int count) => new byte[count];

    public static byte[] Crypto(long offset, ReadOnlySpan<byte> data) => [0x06, .. VarInt(offset), .. VarInt(data.Length), .. data];

    public static byte[] NewToken(ReadOnlySpan<byte> token) => [0x07, .. VarInt(token.Length), .. token];

    /// <summary>A STREAM frame with offset and length.</summary>
    public static byte[] Stream(long id, long offset, ReadOnlySpan<byte> data, bool fin = false) =>
        [(byte)(fin ? 0x0f : 0x0e), .. VarInt(id), .. VarInt(offset), .. VarInt(data.Length), .. data];

    /// <summary>A frame of numbers only: a type and its fields.</summary>
    public static byte[] Numbers(long type, params ReadOnlySpan<long> fields)
    {
        var bytes = new List<byte>(VarInt(type));
        foreach (long field in fields)
        {
            bytes.AddRange(VarInt(field));
        }
        return [.. bytes];
    }

    public static byte[] ResetStream(long id, long code, long finalSize) => Numbers(WireFrame.ResetStream, id, code, finalSize);

    public static byte[] StopSending(long id, long code) => Numbers(WireFrame.StopSending, id, code);

    /// <summary>An ACK without delay: the largest, how many before it, then gap and length pairs (RFC 9000 §19.3).</summary>
    public static byte[] Ack(long largest, long first, params ReadOnlySpan<(long Gap, long Length)> ranges)
    {
        var bytes = new List<byte>(Numbers(WireFrame.Ack, largest, 0, ranges.Length, first));
        foreach ((long gap, long length) in ranges)
        {
            bytes.AddRange([.. VarInt(gap), .. VarInt(length)]);
        }
        return [.. bytes];
    }

    /// <summary>An ACK of exactly these packet numbers.</summary>
    public static byte[] AckOf(IEnumerable<long> packetNumbers)
    {
        long[] sorted = [.. packetNumbers.Distinct().OrderDescending()];
        var ranges = new List<(long First, long Last)>();
        foreach (long number in sorted)
        {
            if (ranges.Count > 0 && ranges[^1].First == number + 1)
            {
                ranges[^1] = (number, ranges[^1].Last);
            }
            else
            {
                ranges.Add((number, number));
            }
        }
        (long, long)[] rest = [.. ranges.Zip(ranges.Skip(1)).Select(p => (p.First.First - p.Second.Last - 2, p.Second.Last - p.Second.First))];
        return Ack(ranges[0].Last, ranges[0].Last - ranges[0].First, rest);
    }

    public static byte[] NewConnectionId(long sequence, long retirePriorTo, ReadOnlySpan<byte> id, ReadOnlySpan<byte> resetToken) =>
        [0x18, .. VarInt(sequence), .. VarInt(retirePriorTo), (byte)id.Length, .. id, .. resetToken];

    public static byte[] PathChallenge(ulong data) => [0x1a, .. BitConverter.GetBytes(data)];

    public static byte[] PathResponse(ReadOnlySpan<byte> data) => [0x1b, .. data];

    /// <summary>One transport parameter (RFC 9000 §18).</summary>
    public static byte[] Parameter(long id, ReadOnlySpan<byte> value) => [.. VarInt(id), .. VarInt(value.Length), .. value];

    public static byte[] Parameter(long id, long value) => Parameter(id, VarInt(value));

    /// <summary>A variable-length integer in its shortest form, or in one of <paramref name="size"/> bytes (RFC 9000 §16).</summary>
    public static byte[] VarInt(long value, int size = 0)
    {
        if (size == 0)
        {
            size = value switch { < 1L << 6 => 1, < 1L << 14 => 2, < 1L << 30 => 4, _ => 8 };
        }
        byte[] bytes = new byte[size];
        for (int i = size - 1; i >= 0; i--)
        {
            bytes[i] = (byte)value;
            value >>= 8;
        }
        bytes[0] |= (byte)(System.Numerics.BitOperations.Log2((uint)size) << 6);
        return bytes;
    }
}
