namespace Quicprochat.Quic.Streams;

/// <summary>One stream of a connection: its parts, its places in the queues, its untold events. Used again for another stream once forgotten.</summary>
internal sealed class StreamEntry
{
    private readonly StreamMemory _memory;
    private StreamLinks _links;
    private SendStream? _send;
    private ReceiveStream? _receive;

    /// <summary>Takes its segments from <paramref name="memory"/>.</summary>
    public StreamEntry(StreamMemory memory) => _memory = memory;

    /// <summary>The stream's number.</summary>
    public StreamId Id { get; private set; }

    /// <summary>The sending part, null when only the peer sends.</summary>
    public SendStream? Send { get; private set; }

    /// <summary>The receiving part, null when only this end sends.</summary>
    public ReceiveStream? Receive { get; private set; }

    /// <summary>The application is done with it.</summary>
    public bool IsReleased { get; set; }

    /// <summary>It has left the table; only untold events keep it.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>Untold events.</summary>
    public StreamEvents Events { get; set; }

    /// <summary>The code of STOP_SENDING.</summary>
    public long StopCode { get; set; }

    /// <summary>Places in the queues.</summary>
    public ref StreamLinks Links => ref _links;

    /// <summary>True when both parts are in states that nothing of the peer's changes any more.</summary>
    public bool IsFinal => (Send is null || Send.IsFinal) && (Receive is null || Receive.IsSettled);

    /// <summary>True when frames about the stream are to be sent.</summary>
    public bool HasControl => Send is { } send && (send.IsResetPending || send.IsBlockedPending)
        || Receive is { } receive && (receive.IsStopPending || receive.IsLimitPending);

    /// <summary>Becomes the stream <paramref name="id"/>.</summary>
    public void Start(StreamId id, bool sends, bool receives)
    {
        Id = id;
        Send = sends ? _send ??= new SendStream(_memory) : null;
        Receive = receives ? _receive ??= new ReceiveStream(_memory) : null;
        IsReleased = false;
        IsForgotten = false;
        Events = StreamEvents.None;
        StopCode = 0;
    }

    /// <summary>Gives all segments back.</summary>
    public void Free()
    {
        Send?.Free();
        Receive?.Free();
    }
}
