namespace Quicprochat.Quic.Packets;

/// <summary>Which keys protect a packet (RFC 9001 §2.1). Each level has its own packet numbers and CRYPTO stream. 0-RTT is not spoken.</summary>
internal enum EncryptionLevel : byte
{
    /// <summary>Keys anyone can derive from the client's first connection id.</summary>
    Initial,

    /// <summary>Keys of the TLS handshake.</summary>
    Handshake,

    /// <summary>1-RTT keys.</summary>
    Application,
}
