namespace Quicprochat.Quic.Streams;

/// <summary>The queues a stream can stand in, each with its own links in <see cref="StreamEntry"/>.</summary>
internal enum StreamQueueKind
{
    /// <summary>Frames about the stream are to be sent: RESET_STREAM, STOP_SENDING, MAX_STREAM_DATA, STREAM_DATA_BLOCKED.</summary>
    Control,

    /// <summary>Lost bytes, or an end without bytes, are to be sent: no credit needed.</summary>
    Repair,

    /// <summary>New bytes are to be sent, as far as the connection's credit goes.</summary>
    Fresh,

    /// <summary>Events for the application.</summary>
    Event,
}
