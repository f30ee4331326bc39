using Quicprochat.Crypto;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Quic.Tls;

/// <summary>Signs TLS handshakes with an Ed25519 key. Safe to share between threads; zeroes its key when disposed.</summary>
public sealed class Ed25519Signer : ITlsSigner, IDisposable
{
    private static readonly SignatureScheme _ed25519 = CryptoProvider.Default.Signature(SignatureAlgorithm.Ed25519);

    private readonly Secret _seed;

    /// <summary>Copies the key.</summary>
    /// <param name="seed">The private key: 32 bytes (RFC 8032 §5.1.5).</param>
    /// <exception cref="ArgumentException">The seed has another length.</exception>
    public Ed25519Signer(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != _ed25519.PrivateKeySize)
        {
            throw new ArgumentException("An Ed25519 private key is 32 bytes.", nameof(seed));
        }

        _seed = Secret.Copy(seed);
    }

    /// <inheritdoc/>
    public ushort SignatureScheme => (ushort)SignatureAlgorithm.Ed25519;

    /// <inheritdoc/>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = new byte[_ed25519.SignatureSizeMax];
        int length = _ed25519.Sign(_seed.Span, message, signature);
        return length == signature.Length ? signature : signature[..length];
    }

    /// <inheritdoc/>
    public void Dispose() => _seed.Dispose();
}
