namespace Quicprochat.Quic;

/// <summary>Why a connection ended.</summary>
public enum CloseKind
{
    /// <summary>This end's application closed it.</summary>
    LocalApplication,

    /// <summary>The peer's application closed it.</summary>
    PeerApplication,

    /// <summary>This end found the peer in breach of the protocol, or itself in error.</summary>
    LocalTransport,

    /// <summary>The peer closed it with a transport error.</summary>
    PeerTransport,

    /// <summary>Nothing was heard for the idle timeout (RFC 9000 §10.1).</summary>
    IdleTimeout,

    /// <summary>The handshake was not complete in time.</summary>
    HandshakeTimeout,

    /// <summary>The peer has lost its state and says so (RFC 9000 §10.3).</summary>
    StatelessReset,

    /// <summary>The peer speaks no version this end speaks (RFC 9000 §6.2).</summary>
    VersionNegotiation,
}
