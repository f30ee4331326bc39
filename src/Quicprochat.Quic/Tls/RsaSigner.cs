using System.Security.Cryptography;

namespace Quicprochat.Quic.Tls;

/// <summary>Signs TLS handshakes with an RSA key of .NET, by RSASSA-PSS with SHA-256. Safe to share between threads.</summary>
public sealed class RsaSigner : ITlsSigner, IDisposable
{
    // .NET promises nothing about two threads on one key object.
    private readonly Lock _lock = new();
    private readonly RSA _key;

    /// <summary>Takes the key over, and disposes it with itself.</summary>
    /// <param name="key">At least 2,048 bits.</param>
    /// <exception cref="ArgumentException">The key is too short.</exception>
    public RsaSigner(RSA key)
    {
        if (key.KeySize < 2_048)
        {
            throw new ArgumentException("An RSA key needs 2,048 bits.", nameof(key));
        }

        _key = key;
    }

    /// <summary>rsa_pss_rsae_sha256.</summary>
    public ushort SignatureScheme => PeerSignature.RsaPssRsaeSha256;

    /// <inheritdoc/>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        lock (_lock)
        {
            return _key.SignData(message, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
