using System.Numerics;

namespace Quicprochat.Quic.Streams;

/// <summary>Runs of bits, one bit for each byte of a <see cref="Segment"/>.</summary>
internal static class BitRuns
{
    /// <summary>Sets the bits from <paramref name="start"/> up to, not including, <paramref name="end"/>.</summary>
    public static void Set(Span<ulong> bits, int start, int end)
    {
        for (int word = start >> 6; start < end; word++)
        {
            bits[word] |= Mask(start, end, word);
            start = (word + 1) << 6;
        }
    }

    /// <summary>Clears the bits from <paramref name="start"/> up to, not including, <paramref name="end"/>.</summary>
    public static void Clear(Span<ulong> bits, int start, int end)
    {
        for (int word = start >> 6; start < end; word++)
        {
            bits[word] &= ~Mask(start, end, word);
            start = (word + 1) << 6;
        }
    }

    /// <summary>Where the first set bit at or after <paramref name="from"/> is; the number of bits when there is none.</summary>
    public static int NextSet(ReadOnlySpan<ulong> bits, int from)
    {
        for (int word = from >> 6; word < bits.Length; word++)
        {
            ulong rest = bits[word] & (ulong.MaxValue << Math.Max(from - (word << 6), 0));
            if (rest != 0)
            {
                return (word << 6) + BitOperations.TrailingZeroCount(rest);
            }
        }

        return bits.Length << 6;
    }

    /// <summary>Where the first clear bit at or after <paramref name="from"/> is; the number of bits when there is none.</summary>
    public static int NextClear(ReadOnlySpan<ulong> bits, int from)
    {
        for (int word = from >> 6; word < bits.Length; word++)
        {
            ulong rest = ~bits[word] & (ulong.MaxValue << Math.Max(from - (word << 6), 0));
            if (rest != 0)
            {
                return (word << 6) + BitOperations.TrailingZeroCount(rest);
            }
        }

        return bits.Length << 6;
    }

    // The bits of one word that lie in [start, end), where start lies in the word.
    private static ulong Mask(int start, int end, int word)
    {
        int low = start - (word << 6);
        int high = Math.Min(end - (word << 6), 64);
        return (ulong.MaxValue << low) & (ulong.MaxValue >> (64 - high));
    }
}
