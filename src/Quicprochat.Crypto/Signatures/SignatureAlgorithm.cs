namespace Quicprochat.Crypto.Signatures;

/// <summary>A signature scheme, by its TLS code point (RFC 9846 §4.3.3).</summary>
public enum SignatureAlgorithm : ushort
{
    /// <summary>ECDSA over P-256 with SHA-256; DER signatures, uncompressed points.</summary>
    EcdsaP256Sha256 = 0x0403,

    /// <summary>ECDSA over P-384 with SHA-384; DER signatures, uncompressed points.</summary>
    EcdsaP384Sha384 = 0x0503,

    /// <summary>ECDSA over P-521 with SHA-512; DER signatures, uncompressed points.</summary>
    EcdsaP521Sha512 = 0x0603,

    /// <summary>Ed25519 (RFC 8032); a private key is the 32-byte seed.</summary>
    Ed25519 = 0x0807,

    /// <summary>Ed448 (RFC 8032); a private key is the 57-byte seed.</summary>
    Ed448 = 0x0808,
}
