namespace Quicprochat.Quic;

/// <summary>What became of a write on a stream.</summary>
public enum StreamWriteStatus
{
    /// <summary>All bytes were taken.</summary>
    Complete,

    /// <summary>Only some were; a <see cref="ConnectionEventKind.StreamWritable"/> event follows when there is room.</summary>
    Partial,

    /// <summary>The peer asked to stop, or this end reset the stream.</summary>
    Stopped,

    /// <summary>No such stream, a receive-only one, or one that was already finished.</summary>
    Closed,
}
