namespace Quicprochat.Quic;

/// <summary>What a read on a stream found.</summary>
public enum StreamReadStatus
{
    /// <summary>At least one byte (or the destination was empty).</summary>
    Data,

    /// <summary>Nothing yet; a <see cref="ConnectionEventKind.StreamReadable"/> event follows.</summary>
    Blocked,

    /// <summary>The end of the stream: everything has been read.</summary>
    Finished,

    /// <summary>The peer reset the stream.</summary>
    Reset,

    /// <summary>There is nothing to read: no such stream, a send-only one, or one whose reading side this end stopped.</summary>
    Closed,
}
