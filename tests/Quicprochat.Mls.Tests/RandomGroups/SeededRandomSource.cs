using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Quicprochat.Crypto;

namespace Quicprochat.Mls.Tests.RandomGroups;

/// <summary>Random bytes that are the same for the same seed, and have nothing in common with those of another: SHA-256 over the seed and a counter.</summary>
internal sealed class SeededRandomSource(string seed) : IRandomSource
{
    private readonly byte[] _input = [.. SHA256.HashData(Encoding.UTF8.GetBytes(seed)), .. new byte[sizeof(ulong)]];
    private ulong _blocks;

    public void Fill(Span<byte> destination)
    {
        Span<byte> block = stackalloc byte[SHA256.HashSizeInBytes];
        while (!destination.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64BigEndian(_input.AsSpan(SHA256.HashSizeInBytes), _blocks++);
            SHA256.HashData(_input, block);
            int taken = Math.Min(block.Length, destination.Length);
            block[..taken].CopyTo(destination);
            destination = destination[taken..];
        }
    }
}
