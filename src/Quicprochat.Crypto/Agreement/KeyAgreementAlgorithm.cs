namespace Quicprochat.Crypto.Agreement;

/// <summary>A Diffie-Hellman group, by its TLS code point (RFC 9846 §4.3.7).</summary>
public enum KeyAgreementAlgorithm : ushort
{
    /// <summary>P-256: 32-byte big-endian scalars, 65-byte uncompressed points, 32-byte x coordinates as secrets.</summary>
    P256 = 0x0017,

    /// <summary>P-384: 48-byte scalars, 97-byte points, 48-byte secrets.</summary>
    P384 = 0x0018,

    /// <summary>P-521: 66-byte scalars, 133-byte points, 66-byte secrets.</summary>
    P521 = 0x0019,

    /// <summary>X25519 (RFC 7748 §5): 32 bytes each.</summary>
    X25519 = 0x001d,

    /// <summary>X448 (RFC 7748 §5): 56 bytes each.</summary>
    X448 = 0x001e,
}
