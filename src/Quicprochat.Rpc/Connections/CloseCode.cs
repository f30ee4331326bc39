namespace Quicprochat.Rpc.Connections;

/// <summary>Why a connection was closed: the application error code of CONNECTION_CLOSE.</summary>
public enum CloseCode
{
    /// <summary>Nothing more to say.</summary>
    None = 0,

    /// <summary>The peer broke the protocol.</summary>
    ProtocolError = 1,

    /// <summary>The server is going away.</summary>
    Draining = 2,

    /// <summary>The device was removed from its account.</summary>
    DeviceRevoked = 3,

    /// <summary>The same device connected again; the newer connection stays.</summary>
    Replaced = 4,

    /// <summary>The connection asked too much.</summary>
    RateLimited = 5,

    /// <summary>Nobody authenticated in time.</summary>
    AuthenticationTimeout = 6,

    /// <summary>A bug at this end.</summary>
    InternalError = 7,
}
