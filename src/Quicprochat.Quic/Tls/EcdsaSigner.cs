using System.Security.Cryptography;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Quic.Tls;

/// <summary>Signs TLS handshakes with an ECDSA key of .NET, on P-256 or P-384. Safe to share between threads.</summary>
public sealed class EcdsaSigner : ITlsSigner, IDisposable
{
    // .NET promises nothing about two threads on one key object.
    private readonly Lock _lock = new();
    private readonly ECDsa _key;
    private readonly HashAlgorithmName _hash;

    /// <summary>Takes the key over, and disposes it with itself.</summary>
    /// <exception cref="ArgumentException">The key is on another curve.</exception>
    public EcdsaSigner(ECDsa key)
    {
        _key = key;
        ECCurve curve = key.ExportParameters(includePrivateParameters: false).Curve;
        (SignatureScheme, _hash) = Is(curve, ECCurve.NamedCurves.nistP256) ? ((ushort)SignatureAlgorithm.EcdsaP256Sha256, HashAlgorithmName.SHA256)
            : Is(curve, ECCurve.NamedCurves.nistP384) ? ((ushort)SignatureAlgorithm.EcdsaP384Sha384, HashAlgorithmName.SHA384)
            : throw new ArgumentException("TLS signs with P-256 or P-384 here.", nameof(key));
    }

    /// <inheritdoc/>
    public ushort SignatureScheme { get; }

    /// <inheritdoc/>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        Span<byte> signature = stackalloc byte[_key.GetMaxSignatureSize(DSASignatureFormat.Rfc3279DerSequence)];
        lock (_lock)
        {
            bool signed = _key.TrySignData(message, signature, _hash, DSASignatureFormat.Rfc3279DerSequence, out int length);
            return signed ? signature[..length].ToArray() : throw new CryptographicException("The ECDSA key could not sign.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    // Some platforms name a curve by its identifier, some only by a friendly name.
    private static bool Is(ECCurve curve, ECCurve named) =>
        curve.IsNamed && (curve.Oid.Value is { } oid ? oid == named.Oid.Value : curve.Oid.FriendlyName == named.Oid.FriendlyName);
}
