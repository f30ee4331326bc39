using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Quicprochat.Crypto.Managed;

/// <summary>The ChaCha20 block function (RFC 8439 §2.3). BouncyCastle's cipher always begins at block 0, and a header mask names its block.</summary>
internal static class ChaCha20Block
{
    public const int Size = 64;

    private const int Words = 16;

    /// <summary>The <see cref="Size"/> bytes of key stream for a 32-byte key, a counter and a 12-byte nonce.</summary>
    public static void Compute(ReadOnlySpan<byte> key, uint counter, ReadOnlySpan<byte> nonce, Span<byte> block)
    {
        Span<uint> initial = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, 0, 0, 0, 0, 0, 0, 0, 0, counter, 0, 0, 0];
        ReadLittleEndian(key, initial.Slice(4, 8));
        ReadLittleEndian(nonce, initial.Slice(13, 3));

        Span<uint> state = stackalloc uint[Words];
        initial.CopyTo(state);
        for (var i = 0; i < 10; i++)
        {
            QuarterRound(state, 0, 4, 8, 12);
            QuarterRound(state, 1, 5, 9, 13);
            QuarterRound(state, 2, 6, 10, 14);
            QuarterRound(state, 3, 7, 11, 15);
            QuarterRound(state, 0, 5, 10, 15);
            QuarterRound(state, 1, 6, 11, 12);
            QuarterRound(state, 2, 7, 8, 13);
            QuarterRound(state, 3, 4, 9, 14);
        }

        for (var i = 0; i < Words; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block[(4 * i)..], unchecked(state[i] + initial[i]));
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(initial));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(state));
    }

    private static void QuarterRound(Span<uint> state, int a, int b, int c, int d)
    {
        unchecked
        {
            state[a] += state[b];
            state[d] = BitOperations.RotateLeft(state[d] ^ state[a], 16);
            state[c] += state[d];
            state[b] = BitOperations.RotateLeft(state[b] ^ state[c], 12);
            state[a] += state[b];
            state[d] = BitOperations.RotateLeft(state[d] ^ state[a], 8);
            state[c] += state[d];
            state[b] = BitOperations.RotateLeft(state[b] ^ state[c], 7);
        }
    }

    private static void ReadLittleEndian(ReadOnlySpan<byte> bytes, Span<uint> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]);
        }
    }
}
