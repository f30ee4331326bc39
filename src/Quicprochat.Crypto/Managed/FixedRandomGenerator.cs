using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Prng;

namespace Quicprochat.Crypto.Managed;

/// <summary>Hands BouncyCastle random bytes that were drawn before, once, so that it never draws its own.</summary>
internal sealed class FixedRandomGenerator(ReadOnlySpan<byte> bytes) : IRandomGenerator, IDisposable
{
    private readonly byte[] _bytes = bytes.ToArray();
    private int _used;

    public void AddSeedMaterial(byte[] seed)
    {
    }

    public void AddSeedMaterial(ReadOnlySpan<byte> seed)
    {
    }

    public void AddSeedMaterial(long seed)
    {
    }

    public void NextBytes(byte[] bytes) => NextBytes(bytes.AsSpan());

    public void NextBytes(byte[] bytes, int start, int len) => NextBytes(bytes.AsSpan(start, len));

    public void NextBytes(Span<byte> bytes)
    {
        if (bytes.Length > _bytes.Length - _used)
        {
            throw new InvalidOperationException("More randomness was asked for than the algorithm takes.");
        }

        _bytes.AsSpan(_used, bytes.Length).CopyTo(bytes);
        _used += bytes.Length;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
