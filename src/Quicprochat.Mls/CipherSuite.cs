using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Kem;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Mls;

/// <summary>
/// A cipher suite (RFC 9420 §5.1): the code point that names it on the wire and the algorithms it stands for. HPKE's KDF is HKDF over the suite's hash.
/// </summary>
/// <param name="Id">The code point, as sent. For the hybrids it is configuration: their registration is still open.</param>
/// <param name="Name">The name in the registry (RFC 9420 §17.1, draft-ietf-mls-pq-ciphersuites).</param>
/// <param name="Kem">The KEM of HPKE.</param>
/// <param name="Hash">The hash of HPKE's KDF, of the key schedule, of the transcript and of MACs.</param>
/// <param name="Aead">The AEAD of HPKE and of messages.</param>
/// <param name="Signature">The scheme of every signature in the group.</param>
public sealed record CipherSuite(
    ushort Id, string Name, KemAlgorithm Kem, HashAlgorithm Hash, AeadAlgorithm Aead, SignatureAlgorithm Signature)
{
    /// <summary>0x0001, which every client implements.</summary>
    public static CipherSuite X25519Aes128GcmSha256Ed25519 { get; } = new(
        0x0001, "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519",
        KemAlgorithm.DhkemX25519, HashAlgorithm.Sha256, AeadAlgorithm.Aes128Gcm, SignatureAlgorithm.Ed25519);

    /// <summary>0x0002.</summary>
    public static CipherSuite P256Aes128GcmSha256P256 { get; } = new(
        0x0002, "MLS_128_DHKEMP256_AES128GCM_SHA256_P256",
        KemAlgorithm.DhkemP256, HashAlgorithm.Sha256, AeadAlgorithm.Aes128Gcm, SignatureAlgorithm.EcdsaP256Sha256);

    /// <summary>0x0003.</summary>
    public static CipherSuite X25519ChaCha20Poly1305Sha256Ed25519 { get; } = new(
        0x0003, "MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519",
        KemAlgorithm.DhkemX25519, HashAlgorithm.Sha256, AeadAlgorithm.ChaCha20Poly1305, SignatureAlgorithm.Ed25519);

    /// <summary>0x0004.</summary>
    public static CipherSuite X448Aes256GcmSha512Ed448 { get; } = new(
        0x0004, "MLS_256_DHKEMX448_AES256GCM_SHA512_Ed448",
        KemAlgorithm.DhkemX448, HashAlgorithm.Sha512, AeadAlgorithm.Aes256Gcm, SignatureAlgorithm.Ed448);

    /// <summary>0x0005.</summary>
    public static CipherSuite P521Aes256GcmSha512P521 { get; } = new(
        0x0005, "MLS_256_DHKEMP521_AES256GCM_SHA512_P521",
        KemAlgorithm.DhkemP521, HashAlgorithm.Sha512, AeadAlgorithm.Aes256Gcm, SignatureAlgorithm.EcdsaP521Sha512);

    /// <summary>0x0006.</summary>
    public static CipherSuite X448ChaCha20Poly1305Sha512Ed448 { get; } = new(
        0x0006, "MLS_256_DHKEMX448_CHACHA20POLY1305_SHA512_Ed448",
        KemAlgorithm.DhkemX448, HashAlgorithm.Sha512, AeadAlgorithm.ChaCha20Poly1305, SignatureAlgorithm.Ed448);

    /// <summary>0x0007.</summary>
    public static CipherSuite P384Aes256GcmSha384P384 { get; } = new(
        0x0007, "MLS_256_DHKEMP384_AES256GCM_SHA384_P384",
        KemAlgorithm.DhkemP384, HashAlgorithm.Sha384, AeadAlgorithm.Aes256Gcm, SignatureAlgorithm.EcdsaP384Sha384);

    /// <summary>The default: a PQ/T hybrid KEM, X-Wing. Its code point here is from the private-use range.</summary>
    public static CipherSuite MlKem768X25519Aes256GcmSha384Ed25519 { get; } = new(
        0xF001, "MLS_128_MLKEM768X25519_AES256GCM_SHA384_Ed25519",
        KemAlgorithm.MlKem768X25519, HashAlgorithm.Sha384, AeadAlgorithm.Aes256Gcm, SignatureAlgorithm.Ed25519);

    /// <summary>X-Wing with AES-128-GCM and SHA-256; private-use code point.</summary>
    public static CipherSuite MlKem768X25519Aes128GcmSha256Ed25519 { get; } = new(
        0xF002, "MLS_128_MLKEM768X25519_AES128GCM_SHA256_Ed25519",
        KemAlgorithm.MlKem768X25519, HashAlgorithm.Sha256, AeadAlgorithm.Aes128Gcm, SignatureAlgorithm.Ed25519);

    /// <summary>ML-KEM-768 with P-256, AES-128-GCM and SHA-256; private-use code point.</summary>
    public static CipherSuite MlKem768P256Aes128GcmSha256P256 { get; } = new(
        0xF003, "MLS_128_MLKEM768P256_AES128GCM_SHA256_P256",
        KemAlgorithm.MlKem768P256, HashAlgorithm.Sha256, AeadAlgorithm.Aes128Gcm, SignatureAlgorithm.EcdsaP256Sha256);

    /// <summary>ML-KEM-768 with P-256, AES-256-GCM and SHA-384; private-use code point.</summary>
    public static CipherSuite MlKem768P256Aes256GcmSha384P256 { get; } = new(
        0xF004, "MLS_128_MLKEM768P256_AES256GCM_SHA384_P256",
        KemAlgorithm.MlKem768P256, HashAlgorithm.Sha384, AeadAlgorithm.Aes256Gcm, SignatureAlgorithm.EcdsaP256Sha256);

    /// <summary>ML-KEM-1024 with P-384, AES-256-GCM and SHA-384; private-use code point.</summary>
    public static CipherSuite MlKem1024P384Aes256GcmSha384P384 { get; } = new(
        0xF005, "MLS_192_MLKEM1024P384_AES256GCM_SHA384_P384",
        KemAlgorithm.MlKem1024P384, HashAlgorithm.Sha384, AeadAlgorithm.Aes256Gcm, SignatureAlgorithm.EcdsaP384Sha384);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
