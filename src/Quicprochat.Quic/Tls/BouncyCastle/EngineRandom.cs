using Org.BouncyCastle.Crypto.Prng;
using Quicprochat.Crypto;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>An <see cref="IRandomSource"/> in BouncyCastle's form. Seeds are not taken: the source alone decides, which makes a handshake replayable.</summary>
internal sealed class EngineRandom(IRandomSource source) : IRandomGenerator, IRandomSource
{
    public void AddSeedMaterial(byte[] seed)
    {
    }

    public void AddSeedMaterial(ReadOnlySpan<byte> seed)
    {
    }

    public void AddSeedMaterial(long seed)
    {
    }

    public void NextBytes(byte[] bytes) => Fill(bytes);

    public void NextBytes(byte[] bytes, int start, int len) => Fill(bytes.AsSpan(start, len));

    public void NextBytes(Span<byte> bytes) => Fill(bytes);

    public void Fill(Span<byte> destination)
    {
        try
        {
            source.Fill(destination);
        }
        catch (Exception exception)
        {
            throw new LocalFaultException(exception);
        }
    }
}
