using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Kem;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Crypto;

/// <summary>
/// A back end: where each primitive comes from. <c>Native</c> takes each from the fastest library (.NET, libsodium),
/// <c>Managed</c> all from BouncyCastle, for where there is no native code. Both give the same bytes.
/// </summary>
public abstract class CryptoProvider
{
    /// <summary>A hash with HMAC and HKDF; the same instance every time.</summary>
    public abstract HashFunction Hash(HashAlgorithm algorithm);

    /// <summary>Sets up a key. The caller disposes the result.</summary>
    /// <exception cref="ArgumentException">The key has another length than the algorithm's.</exception>
    public abstract AeadKey CreateAeadKey(AeadAlgorithm algorithm, ReadOnlySpan<byte> key);

    /// <summary>A KEM; the same instance every time.</summary>
    public abstract KeyEncapsulation Kem(KemAlgorithm algorithm);

    /// <summary>A signature scheme; the same instance every time.</summary>
    public abstract SignatureScheme Signature(SignatureAlgorithm algorithm);
}
