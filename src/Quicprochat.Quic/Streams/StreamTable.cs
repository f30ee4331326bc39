using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Streams;

/// <summary>
/// All streams of one connection, its flow control and its stream limits (RFC 9000 §2 to §4). Commands of the application are in
/// <c>StreamTable.Commands.cs</c>, frames from the peer in <c>.Receive.cs</c>, frames to it in <c>.Send.cs</c>, their loss and
/// acknowledgement in <c>.Repair.cs</c>, events in <c>.Events.cs</c>.
/// </summary>
internal sealed partial class StreamTable
{
    private readonly Side _side;
    private readonly TransportOptions _options;
    private readonly StreamMemory _memory;
    private readonly Dictionary<long, StreamEntry> _streams = [];
    private readonly LocalStreams[] _local = new LocalStreams[2];
    private readonly RemoteStreams[] _remote;
    private readonly StreamQueue _control = new(StreamQueueKind.Control);
    private readonly StreamQueue _repair = new(StreamQueueKind.Repair);
    private readonly StreamQueue _fresh = new(StreamQueueKind.Fresh);
    private readonly StreamQueue _events = new(StreamQueueKind.Event);
    private TransportParameters? _peer;
    private FlowWindow _window;
    private bool _isLimitPending;
    private long _maxData;
    private long _dataSent;
    private long _blockedAt = -1;
    private bool _isBlockedPending;
    private bool _isAborted;

    /// <summary>A table without streams. <paramref name="memory"/> is the endpoint's; without it the table has its own.</summary>
    public StreamTable(Side side, TransportOptions local, StreamMemory? memory = null)
    {
        _side = side;
        _options = local;
        _memory = memory ?? new StreamMemory();
        _window = new FlowWindow(local.ConnectionWindow, local.ConnectionWindowMax);
        _remote = [new RemoteStreams(local.MaxInboundBidirectionalStreams), new RemoteStreams(local.MaxInboundUnidirectionalStreams)];
    }

    /// <summary>The path's smoothed round-trip time in microseconds: what windows grow by.</summary>
    public long Rtt { get; set; } = 333_000;

    /// <summary>Streams that are not forgotten yet.</summary>
    public int Count => _streams.Count;

    /// <summary>Bytes of stream data sent for the first time.</summary>
    public long DataSent => _dataSent;

    /// <summary>Bytes of stream data the peer may send in all.</summary>
    public long DataLimit => _window.Limit;

    /// <summary>The connection's part of flow control for what the peer sends.</summary>
    internal ref readonly FlowWindow ReceiveWindow => ref _window;

    /// <summary>Takes the peer's initial limits (RFC 9000 §18.2). Streams can be opened from here on.</summary>
    public void ApplyPeerParameters(TransportParameters peer)
    {
        _peer = peer;
        _maxData = Math.Max(_maxData, peer.InitialMaxData);
        _local[(int)StreamType.Bidirectional].Raise(peer.InitialMaxStreamsBidi);
        _local[(int)StreamType.Unidirectional].Raise(peer.InitialMaxStreamsUni);
        foreach (StreamEntry entry in _streams.Values)
        {
            entry.Send?.RaiseMaxData(InitialMaxData(entry.Id));
            Requeue(entry);
        }
    }

    /// <summary>The connection is closed: everything is freed, and nothing happens any more.</summary>
    public void Abort()
    {
        if (_isAborted)
        {
            return;
        }

        _isAborted = true;
        foreach (StreamEntry entry in _streams.Values)
        {
            entry.Free();
        }

        // Entries are not pooled from here: queues may still link them. The collector takes them with the table.
        _streams.Clear();
        _streams.TrimExcess();
    }

    private StreamEntry? Find(StreamId id) => _streams.GetValueOrDefault(id.Value);

    // Opens a stream of either end; what it may send at first follows from who opened it.
    private StreamEntry Add(StreamId id)
    {
        StreamEntry entry = _memory.RentEntry();
        bool isLocal = id.Initiator == _side;
        bool isBidirectional = id.Type == StreamType.Bidirectional;
        entry.Start(id, sends: isLocal || isBidirectional, receives: !isLocal || isBidirectional);
        entry.Send?.Start(InitialMaxData(id), _options.SendBufferMax);
        entry.Receive?.Start(_options.StreamWindow, _options.StreamWindowMax);
        _streams.Add(id.Value, entry);
        return entry;
    }

    // RFC 9000 §18.2: "local" and "remote" are as seen by the end that sent the parameter.
    private long InitialMaxData(StreamId id)
    {
        if (_peer is null)
        {
            return 0;
        }

        if (id.Type == StreamType.Unidirectional)
        {
            return _peer.InitialMaxStreamDataUni;
        }

        return id.Initiator == _side ? _peer.InitialMaxStreamDataBidiRemote : _peer.InitialMaxStreamDataBidiLocal;
    }

    // Forgets a stream once the application released it and both parts are final (RFC 9000 §3.4): credit for another is given only now.
    private void ForgetIfDone(StreamEntry entry)
    {
        if (!entry.IsReleased || entry.IsForgotten || !entry.IsFinal)
        {
            return;
        }

        entry.Free();
        _streams.Remove(entry.Id.Value);
        if (_streams.Count == 0 && _streams.Capacity > 1024)
        {
            _streams.TrimExcess(64);
        }

        if (entry.Id.Initiator != _side)
        {
            _remote[(int)entry.Id.Type].OnClosed();
        }

        entry.IsForgotten = true;
        _control.Set(entry, false);
        _repair.Set(entry, false);
        _fresh.Set(entry, false);
        if (!entry.Links[(int)StreamQueueKind.Event].IsQueued)
        {
            _memory.Return(entry); // otherwise when its events are told
        }
    }

    // Puts a stream into the queues its state asks for; called after whatever changes it.
    private void Requeue(StreamEntry entry)
    {
        _control.Set(entry, entry.HasControl);
        if (entry.Send is { } send)
        {
            _repair.Set(entry, send.HasRepair);
            _fresh.Set(entry, send.Sendable > 0);
            NoteBlocked();
        }
    }
}
