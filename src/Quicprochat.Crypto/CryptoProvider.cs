using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Kem;
using Quicprochat.Crypto.Passwords;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Crypto;

/// <summary>
/// A back end: where each primitive comes from. <c>Native</c> takes each from the fastest library (.NET, libsodium),
/// <c>Managed</c> all from BouncyCastle, for where there is no native code. Both give the same bytes.
/// </summary>
public abstract class CryptoProvider
{
    /// <summary><see cref="Native"/> where its libraries load, else <see cref="Managed"/>.</summary>
    public static CryptoProvider Default => (CryptoProvider?)NativeProvider.Instance ?? ManagedProvider.Instance;

    /// <summary>
    /// The back end that runs anywhere. Its ECDSA signatures are a function of key and message (RFC 6979), while the native ones draw from the operating system:
    /// a simulation that signs with ECDSA and wants to be replayed uses this one.
    /// </summary>
    public static CryptoProvider Managed => ManagedProvider.Instance;

    /// <summary>The fast back end.</summary>
    /// <exception cref="PlatformNotSupportedException">libsodium does not load here.</exception>
    public static CryptoProvider Native =>
        NativeProvider.Instance ?? throw new PlatformNotSupportedException("libsodium with ML-KEM (1.0.22) does not load on this platform.");

    /// <summary>A hash with HMAC and HKDF; the same instance every time.</summary>
    public abstract HashFunction Hash(HashAlgorithm algorithm);

    /// <summary>Sets up a key. The caller disposes the result.</summary>
    /// <exception cref="ArgumentException">The key has another length than the algorithm's.</exception>
    public abstract AeadKey CreateAeadKey(AeadAlgorithm algorithm, ReadOnlySpan<byte> key);

    /// <summary>Sets up a QUIC header protection key for use with <paramref name="algorithm"/> (RFC 9001 §5.4). The caller disposes the result.</summary>
    /// <exception cref="ArgumentException">The key has another length than the algorithm's.</exception>
    public abstract HeaderProtectionKey CreateHeaderProtectionKey(AeadAlgorithm algorithm, ReadOnlySpan<byte> key);

    /// <summary>Plain Diffie-Hellman; the same instance every time.</summary>
    public abstract KeyAgreement Agreement(KeyAgreementAlgorithm algorithm);

    /// <summary>A KEM; the same instance every time.</summary>
    public abstract KeyEncapsulation Kem(KemAlgorithm algorithm);

    /// <summary>A signature scheme; the same instance every time.</summary>
    public abstract SignatureScheme Signature(SignatureAlgorithm algorithm);

    /// <summary>Argon2id; the same instance every time.</summary>
    public abstract PasswordHash Argon2id { get; }
}
