namespace Quicprochat.Transport;

/// <summary>An operation on a listener, connection or stream failed.</summary>
public sealed class QuicException : IOException
{
    /// <summary>An exception without an inner one.</summary>
    public QuicException(QuicError error, long? applicationErrorCode, string message)
        : this(error, applicationErrorCode, message, innerException: null)
    {
    }

    /// <summary>An exception.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="applicationErrorCode">The peer application's code.</param>
    /// <param name="message">A sentence for people.</param>
    /// <param name="innerException">What led to it.</param>
    public QuicException(QuicError error, long? applicationErrorCode, string message, Exception? innerException)
        : base(message, innerException)
    {
        QuicError = error;
        ApplicationErrorCode = applicationErrorCode;
    }

    /// <summary>What went wrong.</summary>
    public QuicError QuicError { get; }

    /// <summary>The code the peer's application gave when it closed the connection or aborted the stream.</summary>
    public long? ApplicationErrorCode { get; }

    /// <summary>The transport error code (RFC 9000 §20.1) one end closed the connection with.</summary>
    public long? TransportErrorCode { get; internal init; }

    /// <summary>The reason phrase of the CONNECTION_CLOSE frame: the peer's own words when the peer closed. Untrusted text of at most 1024 bytes.</summary>
    public string? Reason { get; internal init; }
}
