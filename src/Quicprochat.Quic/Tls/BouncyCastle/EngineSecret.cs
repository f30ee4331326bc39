using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Hash;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>A TLS secret whose HMAC and HKDF run in <see cref="CryptoProvider"/>.</summary>
internal sealed class EngineSecret(EngineCrypto crypto, byte[] data) : AbstractTlsSecret(data)
{
    protected override AbstractTlsCrypto Crypto => crypto;

    /// <summary>A copy of the bytes for the caller to own; this secret goes on.</summary>
    public Secret ToSecret()
    {
        CheckAlive();
        return Secret.Copy(m_data);
    }

    public override byte[] CalculateHmac(int cryptoHashAlgorithm, byte[] buf, int off, int len)
    {
        CheckAlive();
        HashFunction hash = EngineCrypto.Hash(cryptoHashAlgorithm);
        var tag = new byte[hash.Size];
        hash.Hmac(m_data, buf.AsSpan(off, len), tag);
        return tag;
    }

    public override TlsSecret DeriveUsingPrf(int prfAlgorithm, string label, byte[] seed, int length) =>
        DeriveUsingPrf(prfAlgorithm, label, (ReadOnlySpan<byte>)seed, length);

    public override TlsSecret DeriveUsingPrf(int prfAlgorithm, ReadOnlySpan<char> label, ReadOnlySpan<byte> seed, int length) =>
        TlsCryptoUtilities.HkdfExpandLabel(this, TlsCryptoUtilities.GetHashForPrf(prfAlgorithm), label, seed, length);

    public override TlsSecret HkdfExpand(int cryptoHashAlgorithm, byte[] info, int length) =>
        HkdfExpand(cryptoHashAlgorithm, (ReadOnlySpan<byte>)info, length);

    public override TlsSecret HkdfExpand(int cryptoHashAlgorithm, ReadOnlySpan<byte> info, int length)
    {
        CheckAlive();
        var okm = new byte[length];
        EngineCrypto.Hash(cryptoHashAlgorithm).Expand(m_data, info, okm);
        return crypto.Adopt(okm);
    }

    /// <summary>This secret is the salt, and is used up by it.</summary>
    public override TlsSecret HkdfExtract(int cryptoHashAlgorithm, TlsSecret ikm)
    {
        CheckAlive();
        HashFunction hash = EngineCrypto.Hash(cryptoHashAlgorithm);
        var prk = new byte[hash.Size];
        byte[] input = CopyData((AbstractTlsSecret)ikm);
        hash.Extract(m_data, input, prk);
        CryptographicOperations.ZeroMemory(input);
        Destroy();
        return crypto.Adopt(prk);
    }
}
