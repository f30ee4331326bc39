namespace Quicprochat.Crypto.Tests;

/// <summary>Random bytes that are the same for the same seed.</summary>
internal sealed class SeededRandom(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);

    public byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        Fill(bytes);
        return bytes;
    }

    public int Next(int below) => _random.Next(below);
}
