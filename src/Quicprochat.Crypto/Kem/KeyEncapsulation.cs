using System.Security.Cryptography;

namespace Quicprochat.Crypto.Kem;

/// <summary>
/// A key encapsulation mechanism in the sense of RFC 9180 §4: serialized keys in, serialized keys out. Stateless and safe to share between threads.
/// What a peer sent is judged by the return value; a span of a length other than stated here, where the caller chose it, throws <see cref="ArgumentException"/>.
/// </summary>
public abstract class KeyEncapsulation
{
    /// <summary>Which KEM this is.</summary>
    public abstract KemAlgorithm Algorithm { get; }

    /// <summary>Length of a serialized private key in bytes (Nsk). X-Wing's is its 32-byte seed.</summary>
    public abstract int PrivateKeySize { get; }

    /// <summary>Length of a serialized public key in bytes (Npk).</summary>
    public abstract int PublicKeySize { get; }

    /// <summary>Length of an encapsulation in bytes (Nenc).</summary>
    public abstract int EncapsulationSize { get; }

    /// <summary>Length of the shared secret in bytes (Nsecret).</summary>
    public abstract int SharedSecretSize { get; }

    /// <summary>A fresh key pair.</summary>
    public abstract void GenerateKeyPair(IRandomSource random, Span<byte> privateKey, Span<byte> publicKey);

    /// <summary>The deterministic key pair of <paramref name="ikm"/>, which should hold at least Nsk bytes of entropy (RFC 9180 §7.1.3).</summary>
    public abstract void DeriveKeyPair(ReadOnlySpan<byte> ikm, Span<byte> privateKey, Span<byte> publicKey);

    /// <summary>The public key of <paramref name="privateKey"/>; false when that is not a valid private key.</summary>
    public abstract bool TryGetPublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey);

    /// <summary>True when <paramref name="publicKey"/> deserializes and passes the KEM's checks.</summary>
    public abstract bool IsValidPublicKey(ReadOnlySpan<byte> publicKey);

    /// <summary>Encapsulates to <paramref name="publicKey"/>; false when it is not valid (wrong length, not on the curve, all-zero result).</summary>
    public abstract bool TryEncapsulate(ReadOnlySpan<byte> publicKey, IRandomSource random, Span<byte> encapsulation, Span<byte> sharedSecret);

    /// <summary>Recovers the shared secret; false when <paramref name="encapsulation"/> is not valid for this key.</summary>
    public abstract bool TryDecapsulate(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret);

    /// <summary>
    /// Sets up <paramref name="privateKey"/>, copied, for decapsulating more than once. The caller disposes the result.
    /// </summary>
    /// <exception cref="ArgumentException">The private key has another length than <see cref="PrivateKeySize"/>.</exception>
    public virtual DecapsulationKey Expand(ReadOnlySpan<byte> privateKey)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        return new SerializedDecapsulationKey(this, privateKey);
    }

    /// <summary>
    /// A fresh key pair whose private half is never serialized, as a TLS handshake wants it: cheaper than <see cref="GenerateKeyPair"/>
    /// and <see cref="TryDecapsulate"/> where a seed would be expanded twice. The caller disposes the result.
    /// </summary>
    public virtual DecapsulationKey GenerateEphemeral(IRandomSource random, Span<byte> publicKey)
    {
        Span<byte> privateKey = stackalloc byte[PrivateKeySize];
        GenerateKeyPair(random, privateKey, publicKey);
        var key = Expand(privateKey);
        CryptographicOperations.ZeroMemory(privateKey);
        return key;
    }
}
