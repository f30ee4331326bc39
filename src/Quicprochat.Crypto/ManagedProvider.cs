using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Kem;
using Quicprochat.Crypto.Managed;
using Quicprochat.Crypto.Passwords;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Crypto;

/// <summary>
/// Every primitive from BouncyCastle: the same bytes as the native back end, without native code. ECDSA signatures are deterministic here (RFC 6979).
/// </summary>
internal sealed class ManagedProvider : CryptoProvider
{
    private readonly HashFunction _sha256 = new ManagedHash(HashAlgorithm.Sha256);
    private readonly HashFunction _sha384 = new ManagedHash(HashAlgorithm.Sha384);
    private readonly HashFunction _sha512 = new ManagedHash(HashAlgorithm.Sha512);
    private readonly KeyAgreement _p256 = new ManagedAgreement(KeyAgreementAlgorithm.P256);
    private readonly KeyAgreement _p384 = new ManagedAgreement(KeyAgreementAlgorithm.P384);
    private readonly KeyAgreement _p521 = new ManagedAgreement(KeyAgreementAlgorithm.P521);
    private readonly KeyAgreement _x25519 = new ManagedX25519();
    private readonly KeyAgreement _x448 = new ManagedX448();
    private readonly SignatureScheme _ecdsaP256 = new ManagedEcdsa(SignatureAlgorithm.EcdsaP256Sha256);
    private readonly SignatureScheme _ecdsaP384 = new ManagedEcdsa(SignatureAlgorithm.EcdsaP384Sha384);
    private readonly SignatureScheme _ecdsaP521 = new ManagedEcdsa(SignatureAlgorithm.EcdsaP521Sha512);
    private readonly SignatureScheme _ed25519 = new ManagedEd25519();
    private readonly SignatureScheme _ed448 = new ManagedEd448();
    private readonly Kems _kems;

    private ManagedProvider()
    {
        var keccak = new ManagedKeccak();
        _kems = new Kems(this, keccak, new ManagedMlKem(KemAlgorithm.MlKem768, keccak));
    }

    /// <summary>The only instance.</summary>
    public static ManagedProvider Instance { get; } = new();

    /// <inheritdoc/>
    public override HashFunction Hash(HashAlgorithm algorithm) => algorithm switch
    {
        HashAlgorithm.Sha256 => _sha256,
        HashAlgorithm.Sha384 => _sha384,
        HashAlgorithm.Sha512 => _sha512,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <inheritdoc/>
    public override AeadKey CreateAeadKey(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) => new ManagedAead(algorithm, key);

    /// <inheritdoc/>
    public override HeaderProtectionKey CreateHeaderProtectionKey(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) => algorithm switch
    {
        AeadAlgorithm.Aes128Gcm or AeadAlgorithm.Aes256Gcm => new ManagedAesHeaderProtection(algorithm, key),
        AeadAlgorithm.ChaCha20Poly1305 => new ManagedChaCha20HeaderProtection(key),
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
    public override PasswordHash Argon2id { get; } = new ManagedArgon2id();
}
