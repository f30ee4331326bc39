namespace Quicprochat.Crypto.Kem;

/// <summary>A KEM, by its HPKE identifier (RFC 9180 §7.1, draft-ietf-hpke-pq).</summary>
public enum KemAlgorithm : ushort
{
    /// <summary>DHKEM(P-256, HKDF-SHA256).</summary>
    DhkemP256 = 0x0010,

    /// <summary>DHKEM(P-384, HKDF-SHA384).</summary>
    DhkemP384 = 0x0011,

    /// <summary>DHKEM(P-521, HKDF-SHA512).</summary>
    DhkemP521 = 0x0012,

    /// <summary>DHKEM(X25519, HKDF-SHA256).</summary>
    DhkemX25519 = 0x0020,

    /// <summary>DHKEM(X448, HKDF-SHA512).</summary>
    DhkemX448 = 0x0021,

    /// <summary>ML-KEM-512 (FIPS 203). For completeness; the drafts advise the larger ones.</summary>
    MlKem512 = 0x0040,

    /// <summary>ML-KEM-768 (FIPS 203).</summary>
    MlKem768 = 0x0041,

    /// <summary>ML-KEM-1024 (FIPS 203).</summary>
    MlKem1024 = 0x0042,

    /// <summary>The PQ/T hybrid of ML-KEM-768 and P-256.</summary>
    MlKem768P256 = 0x0050,

    /// <summary>The PQ/T hybrid of ML-KEM-1024 and P-384.</summary>
    MlKem1024P384 = 0x0051,

    /// <summary>The PQ/T hybrid of ML-KEM-768 and X25519, known as X-Wing.</summary>
    MlKem768X25519 = 0x647a,
}
