namespace Quicprochat.Rpc.Calls;

/// <summary>How a call ended: one byte of a response frame (docs/protocol/frames.md).</summary>
public enum RpcStatus : byte
{
    /// <summary>Done; the payload is the method's response.</summary>
    Ok = 0,

    /// <summary>The request says something it may not say.</summary>
    InvalidArgument = 1,

    /// <summary>The connection has not proved which device it is.</summary>
    Unauthenticated = 2,

    /// <summary>The device is known and may not do this.</summary>
    PermissionDenied = 3,

    /// <summary>What was asked for is not there.</summary>
    NotFound = 4,

    /// <summary>What was to be made is there already, and is something else.</summary>
    AlreadyExists = 5,

    /// <summary>Somebody was faster; the error's detail may say who.</summary>
    Conflict = 6,

    /// <summary>Too much, too often, or too many; the error says when to try again.</summary>
    ResourceExhausted = 7,

    /// <summary>The call's time was over.</summary>
    DeadlineExceeded = 8,

    /// <summary>The server is going away, or cannot work at the moment; try again later or elsewhere.</summary>
    Unavailable = 9,

    /// <summary>A bug on the far side.</summary>
    Internal = 10,

    /// <summary>A frame or payload beyond the bounds.</summary>
    PayloadTooLarge = 11,

    /// <summary>No such method.</summary>
    Unimplemented = 12,

    /// <summary>The caller gave up.</summary>
    Cancelled = 13,
}
