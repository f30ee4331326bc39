using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Kem;
using Quicprochat.Crypto.Managed;
using Quicprochat.Crypto.OpenSsl;
using Quicprochat.Crypto.Passwords;
using Quicprochat.Crypto.Platform;
using Quicprochat.Crypto.Signatures;
using Quicprochat.Crypto.Sodium;

namespace Quicprochat.Crypto;

/// <summary>
/// Each primitive from the fastest library that has it: AES-GCM from OpenSSL where it is version 3, else .NET; SHA-2 and the NIST curves from .NET;
/// Curve25519, ChaCha20, Keccak, ML-KEM-768 and Argon2id from libsodium; the rest, and the AES block of QUIC's header protection, from BouncyCastle.
/// </summary>
internal sealed class NativeProvider : CryptoProvider
{
    private readonly HashFunction _sha256 = new PlatformHash(HashAlgorithm.Sha256);
    private readonly HashFunction _sha384 = new PlatformHash(HashAlgorithm.Sha384);
    private readonly HashFunction _sha512 = new PlatformHash(HashAlgorithm.Sha512);
    private readonly KeyAgreement _p256 = new PlatformAgreement(KeyAgreementAlgorithm.P256);
    private readonly KeyAgreement _p384 = new PlatformAgreement(KeyAgreementAlgorithm.P384);
    private readonly KeyAgreement _p521 = new PlatformAgreement(KeyAgreementAlgorithm.P521);
    private readonly KeyAgreement _x25519 = new SodiumX25519();
    private readonly KeyAgreement _x448 = new ManagedX448();
    private readonly SignatureScheme _ecdsaP256 = new PlatformEcdsa(SignatureAlgorithm.EcdsaP256Sha256);
    private readonly SignatureScheme _ecdsaP384 = new PlatformEcdsa(SignatureAlgorithm.EcdsaP384Sha384);
    private readonly SignatureScheme _ecdsaP521 = new PlatformEcdsa(SignatureAlgorithm.EcdsaP521Sha512);
    private readonly SignatureScheme _ed25519 = new SodiumEd25519();
    private readonly SignatureScheme _ed448 = new ManagedEd448();
    private readonly Kems _kems;

    private NativeProvider()
    {
        var keccak = new SodiumKeccak();
        _kems = new Kems(this, keccak, new SodiumMlKem768(keccak));
    }

    /// <summary>The only instance, or null where libsodium does not load.</summary>
    public static NativeProvider? Instance { get; } = LibSodium.IsAvailable ? new NativeProvider() : null;

    /// <inheritdoc/>
    public override HashFunction Hash(HashAlgorithm algorithm) => algorithm switch
    {
        HashAlgorithm.Sha256 => _sha256,
        HashAlgorithm.Sha384 => _sha384,
        HashAlgorithm.Sha512 => _sha512,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <inheritdoc/>
    public override AeadKey CreateAeadKey(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) => algorithm switch
    {
        AeadAlgorithm.Aes128Gcm or AeadAlgorithm.Aes256Gcm =>
            OpenSslAesGcm.IsAvailable ? new OpenSslAesGcm(algorithm, key) : new PlatformAesGcm(algorithm, key),
        AeadAlgorithm.ChaCha20Poly1305 => new SodiumChaCha20Poly1305(key),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <inheritdoc/>
    public override HeaderProtectionKey CreateHeaderProtectionKey(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) => algorithm switch
    {
        AeadAlgorithm.Aes128Gcm or AeadAlgorithm.Aes256Gcm => new ManagedAesHeaderProtection(algorithm, key),
        AeadAlgorithm.ChaCha20Poly1305 => new SodiumChaCha20HeaderProtection(key),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <inheritdoc/>
    public override KeyAgreement Agreement(KeyAgreementAlgorithm algorithm) => algorithm switch
    {
        KeyAgreementAlgorithm.P256 => _p256,
        KeyAgreementAlgorithm.P384 => _p384,
        KeyAgreementAlgorithm.P521 => _p521,
        KeyAgreementAlgorithm.X25519 => _x25519,
        KeyAgreementAlgorithm.X448 => _x448,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <inheritdoc/>
    public override KeyEncapsulation Kem(KemAlgorithm algorithm) => _kems[algorithm];

    /// <inheritdoc/>
    public override SignatureScheme Signature(SignatureAlgorithm algorithm) => algorithm switch
    {
        SignatureAlgorithm.EcdsaP256Sha256 => _ecdsaP256,
        SignatureAlgorithm.EcdsaP384Sha384 => _ecdsaP384,
        SignatureAlgorithm.EcdsaP521Sha512 => _ecdsaP521,
        SignatureAlgorithm.Ed25519 => _ed25519,
        SignatureAlgorithm.Ed448 => _ed448,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <inheritdoc/>
    public override PasswordHash Argon2id { get; } = new SodiumArgon2id();
}
