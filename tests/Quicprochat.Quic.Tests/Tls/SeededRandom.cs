using Quicprochat.Crypto;

namespace Quicprochat.Quic.Tests.Tls;

/// <summary>The same bytes for the same seed.</summary>
internal sealed class SeededRandom(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
