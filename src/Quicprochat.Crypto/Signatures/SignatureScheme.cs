namespace Quicprochat.Crypto.Signatures;

/// <summary>A signature scheme over serialized keys. Stateless and safe to share between threads.</summary>
public abstract class SignatureScheme
{
    /// <summary>Which scheme this is.</summary>
    public abstract SignatureAlgorithm Algorithm { get; }

    /// <summary>Length of a serialized private key in bytes: a seed, or a big-endian scalar for ECDSA.</summary>
    public abstract int PrivateKeySize { get; }

    /// <summary>Length of a serialized public key in bytes: for ECDSA the uncompressed point.</summary>
    public abstract int PublicKeySize { get; }

    /// <summary>Longest signature in bytes.</summary>
    public abstract int SignatureSizeMax { get; }

    /// <summary>A fresh key pair.</summary>
    public abstract void GenerateKeyPair(IRandomSource random, Span<byte> privateKey, Span<byte> publicKey);

    /// <summary>The public key of <paramref name="privateKey"/>; false when that is not a valid private key.</summary>
    public abstract bool TryGetPublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey);

    /// <summary>True when <paramref name="publicKey"/> deserializes to a point on the curve.</summary>
    public abstract bool IsValidPublicKey(ReadOnlySpan<byte> publicKey);

    /// <summary>Signs; returns the signature's length in <paramref name="signature"/>, which holds <see cref="SignatureSizeMax"/> bytes.</summary>
    /// <exception cref="ArgumentException">The private key is not valid.</exception>
    public abstract int Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, Span<byte> signature);

    /// <summary>
    /// False for any key, message or signature that does not fit. Never throws for bad input. Every back end accepts the same signatures: ECDSA in strict DER with both
    /// scalars in range (high s is accepted), Ed25519 and Ed448 with canonical S, A and R, no A or R of small order, and the cofactored equation (RFC 8032 §5.1.7).
    /// </summary>
    public abstract bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);
}
