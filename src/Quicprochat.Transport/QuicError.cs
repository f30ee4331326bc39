namespace Quicprochat.Transport;

/// <summary>What went wrong, with the names and values of <c>System.Net.Quic.QuicError</c>.</summary>
public enum QuicError
{
    /// <summary>Nothing.</summary>
    Success = 0,

    /// <summary>A bug of this implementation.</summary>
    InternalError = 1,

    /// <summary>The peer closed the connection; its application's code is in <see cref="QuicException.ApplicationErrorCode"/> if it gave one.</summary>
    ConnectionAborted = 2,

    /// <summary>The peer aborted its side of the stream; its code is in <see cref="QuicException.ApplicationErrorCode"/>.</summary>
    StreamAborted = 3,

    /// <summary>The handshake was not complete in time.</summary>
    ConnectionTimeout = 6,

    /// <summary>The server refused the connection.</summary>
    ConnectionRefused = 8,

    /// <summary>The peers have no version of QUIC in common.</summary>
    VersionNegotiationError = 9,

    /// <summary>Nothing was heard of the peer for the idle timeout.</summary>
    ConnectionIdle = 10,

    /// <summary>This end closed, aborted or disposed what the operation was about.</summary>
    OperationAborted = 12,

    /// <summary>Another listener of the endpoint takes one of these application protocols.</summary>
    AlpnInUse = 13,

    /// <summary>One end broke the protocol; the code is in <see cref="QuicException.TransportErrorCode"/>.</summary>
    TransportError = 14,

    /// <summary>A callback of the application threw.</summary>
    CallbackError = 15,
}
