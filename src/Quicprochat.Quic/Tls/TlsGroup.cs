namespace Quicprochat.Quic.Tls;

/// <summary>A key-exchange group by its TLS code point.</summary>
public enum TlsGroup
{
    /// <summary>NIST P-256.</summary>
    Secp256r1 = 0x0017,

    /// <summary>X25519.</summary>
    X25519 = 0x001d,

    /// <summary>The PQ/T hybrid of ML-KEM-768 and X25519.</summary>
    X25519MLKEM768 = 0x11ec,
}
