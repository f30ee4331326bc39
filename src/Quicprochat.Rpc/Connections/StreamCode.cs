namespace Quicprochat.Rpc.Connections;

/// <summary>Why a stream was given up: the application error code of RESET_STREAM and STOP_SENDING.</summary>
public enum StreamCode
{
    /// <summary>It is no longer wanted.</summary>
    None = 0,

    /// <summary>The caller gave up, or its deadline passed.</summary>
    Cancelled = 1,

    /// <summary>A frame that cannot be answered.</summary>
    ProtocolError = 2,

    /// <summary>A stream of a kind that this end does not take.</summary>
    Unexpected = 3,
}
