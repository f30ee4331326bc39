namespace Quicprochat.Crypto.Aead;

/// <summary>An AEAD, by its HPKE identifier (RFC 9180 §7.3). Nonces are 12 bytes, tags 16, in all of them.</summary>
public enum AeadAlgorithm : ushort
{
    /// <summary>AES-128-GCM, 16-byte key.</summary>
    Aes128Gcm = 0x0001,

    /// <summary>AES-256-GCM, 32-byte key.</summary>
    Aes256Gcm = 0x0002,

    /// <summary>ChaCha20-Poly1305 (RFC 8439), 32-byte key.</summary>
    ChaCha20Poly1305 = 0x0003,
}
