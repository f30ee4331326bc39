using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Quicprochat.Crypto;

namespace Quicprochat.Simulation.World;

/// <summary>
/// xoshiro256** over a 64-bit seed: the dice of a simulated world. Not for anything outside tests.
/// </summary>
internal sealed class SeededRandom : IRandomSource
{
    private readonly ulong _seed;
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    public SeededRandom(ulong seed)
    {
        _seed = seed;
        ulong state = seed;
        _s0 = SplitMix(ref state);
        _s1 = SplitMix(ref state);
        _s2 = SplitMix(ref state);
        _s3 = SplitMix(ref state);
    }

    /// <summary>
    /// Dice of their own for one part of the world. They depend on the seed and the label alone, so that one part drawing more often does not change what another sees.
    /// </summary>
    public SeededRandom Fork(string label)
    {
        byte[] input = new byte[8 + Encoding.UTF8.GetByteCount(label)];
        BinaryPrimitives.WriteUInt64LittleEndian(input, _seed);
        Encoding.UTF8.GetBytes(label, input.AsSpan(8));
        return new SeededRandom(BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(input)));
    }

    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>From 0 to <paramref name="exclusiveMax"/> - 1.</summary>
    public int Next(int exclusiveMax) => (int)NextLong(exclusiveMax);

    /// <summary>From <paramref name="min"/> to <paramref name="exclusiveMax"/> - 1.</summary>
    public int Next(int min, int exclusiveMax) => min + Next(exclusiveMax - min);

    /// <summary>From 0 to <paramref name="exclusiveMax"/> - 1, without the bias of a remainder.</summary>
    public long NextLong(long exclusiveMax) => (long)Math.BigMul(NextUInt64(), (ulong)exclusiveMax, out _);

    /// <summary>From 0 up to but not including 1.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True once in 1 / <paramref name="probability"/> times. Always draws, so that a rate of 0 leaves the sequence as it is.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>One of them.</summary>
    public T Pick<T>(ReadOnlySpan<T> items) => items[Next(items.Length)];

    /// <inheritdoc/>
    public void Fill(Span<byte> destination)
    {
        while (destination.Length >= 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination, NextUInt64());
            destination = destination[8..];
        }
        if (!destination.IsEmpty)
        {
            Span<byte> last = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(last, NextUInt64());
            last[..destination.Length].CopyTo(destination);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9e37_79b9_7f4a_7c15;
        z = (z ^ (z >> 30)) * 0xbf58_476d_1ce4_e5b9;
        z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
        return z ^ (z >> 31);
    }
}
