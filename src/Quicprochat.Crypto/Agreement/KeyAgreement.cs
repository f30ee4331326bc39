namespace Quicprochat.Crypto.Agreement;

/// <summary>
/// Plain Diffie-Hellman over serialized keys, as TLS 1.3 uses it (RFC 9846 §7.4.2). Stateless and safe to share between threads.
/// What a peer sent is judged by the return value; a span the caller sized wrongly throws <see cref="ArgumentException"/>.
/// </summary>
public abstract class KeyAgreement
{
    /// <summary>Which group this is.</summary>
    public abstract KeyAgreementAlgorithm Algorithm { get; }

    /// <summary>Length of a private key in bytes.</summary>
    public abstract int PrivateKeySize { get; }

    /// <summary>Length of a public key in bytes; for the NIST curves the uncompressed point, the only form accepted.</summary>
    public abstract int PublicKeySize { get; }

    /// <summary>Length of the shared secret in bytes.</summary>
    public abstract int SharedSecretSize { get; }

    /// <summary>A fresh key pair. X25519 and X448 keys are kept unclamped, as they were drawn; they are clamped where they are used.</summary>
    public abstract void GenerateKeyPair(IRandomSource random, Span<byte> privateKey, Span<byte> publicKey);

    /// <summary>The public key of <paramref name="privateKey"/>; false when that has the wrong length or is zero or not below the group's order.</summary>
    public abstract bool TryGetPublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey);

    /// <summary>True for a point on the curve in uncompressed form, or a Montgomery coordinate that is not one of the small-order ones.</summary>
    public abstract bool IsValidPublicKey(ReadOnlySpan<byte> publicKey);

    /// <summary>
    /// The shared secret; false, with <paramref name="sharedSecret"/> zeroed, for a peer key of the wrong length or off the curve,
    /// an all-zero result (RFC 7748 §6.1), or a private key out of range.
    /// </summary>
    public abstract bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerPublicKey, Span<byte> sharedSecret);
}
