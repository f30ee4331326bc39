using Org.BouncyCastle.Tls.Crypto;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>Hello randoms and cookies, straight from the random source: BouncyCastle's own generator would mix in the clock.</summary>
internal sealed class EngineNonces(EngineRandom random) : TlsNonceGenerator
{
    public byte[] GenerateNonce(int size)
    {
        var nonce = new byte[size];
        random.Fill(nonce);
        return nonce;
    }
}
