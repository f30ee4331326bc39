namespace Quicprochat.Rpc.Connections;

/// <summary>Why there is no connection.</summary>
public enum RpcConnectionError
{
    /// <summary>It was lost.</summary>
    Lost,

    /// <summary>This end closed it.</summary>
    ClosedHere,

    /// <summary>The peer closed it; <see cref="RpcConnectionException.PeerCode"/> may say why.</summary>
    ClosedByPeer,

    /// <summary>The name of the host cannot be resolved.</summary>
    HostUnknown,

    /// <summary>Nobody answers there.</summary>
    Unreachable,

    /// <summary>The server refused: it is full, or is going away.</summary>
    Refused,

    /// <summary>The server shows another key than the one that is pinned or was given with its address.</summary>
    KeyChanged,

    /// <summary>The server's certificate does not validate, and no key was given or pinned.</summary>
    Untrusted,

    /// <summary>The peers have no version of the protocol in common.</summary>
    ProtocolMismatch,
}
