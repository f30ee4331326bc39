using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Hosts;

/// <summary>
/// An endless text for each stream, of which any part can be made and checked without keeping it. Its period is a prime, so that bytes which arrive at a wrong offset are wrong.
/// </summary>
internal static class Pattern
{
    private const int Period = 65_521;

    private static readonly byte[] _twoPeriods = MakeTwoPeriods();

    /// <summary>The bytes of <paramref name="text"/> from <paramref name="offset"/> on.</summary>
    public static void Fill(Span<byte> destination, long text, long offset)
    {
        while (!destination.IsEmpty)
        {
            ReadOnlySpan<byte> part = Part(text, offset, destination.Length);
            part.CopyTo(destination);
            destination = destination[part.Length..];
            offset += part.Length;
        }
    }

    /// <summary>True when <paramref name="bytes"/> are those of <paramref name="text"/> from <paramref name="offset"/> on.</summary>
    public static bool Matches(ReadOnlySpan<byte> bytes, long text, long offset)
    {
        while (!bytes.IsEmpty)
        {
            ReadOnlySpan<byte> part = Part(text, offset, bytes.Length);
            if (!bytes[..part.Length].SequenceEqual(part))
            {
                return false;
            }
            bytes = bytes[part.Length..];
            offset += part.Length;
        }
        return true;
    }

    private static ReadOnlySpan<byte> Part(long text, long offset, int length)
    {
        int start = (int)((offset + (text * 7_919)) % Period);
        return _twoPeriods.AsSpan(start, Math.Min(length, Period));
    }

    private static byte[] MakeTwoPeriods()
    {
        byte[] bytes = new byte[2 * Period];
        new SeededRandom(1).Fill(bytes.AsSpan(0, Period));
        bytes.AsSpan(0, Period).CopyTo(bytes.AsSpan(Period));
        return bytes;
    }
}
