namespace Quicprochat.Quic.Streams;

internal sealed partial class StreamTable
{
    /// <summary>True when <see cref="TryTakeEvent"/> may give something.</summary>
    public bool HasEvents => !_isAborted && (!_events.IsEmpty || HasUntold(StreamType.Bidirectional) || HasUntold(StreamType.Unidirectional));

    /// <summary>The next event. A stream's opening comes before anything else about it; each kind is kept once for each stream.</summary>
    public bool TryTakeEvent(out ConnectionEvent connectionEvent)
    {
        connectionEvent = default;
        return !_isAborted
            && (TryTakeOpened(out connectionEvent) || TryTakeStreamEvent(out connectionEvent) || TryTakeAvailable(out connectionEvent));
    }

    private bool HasUntold(StreamType type) =>
        _remote[(int)type].Told != _remote[(int)type].Opened || _local[(int)type].Untold > 0;

    private static ConnectionEvent TakeFirst(StreamEntry entry)
    {
        StreamEvents first = entry.Events & unchecked((StreamEvents)(-(int)entry.Events));
        entry.Events &= ~first;
        return first switch
        {
            StreamEvents.Stopped => new ConnectionEvent(ConnectionEventKind.StreamStopped, entry.Id, entry.StopCode),
            StreamEvents.Readable => new ConnectionEvent(ConnectionEventKind.StreamReadable, entry.Id),
            StreamEvents.Writable => new ConnectionEvent(ConnectionEventKind.StreamWritable, entry.Id),
            _ => new ConnectionEvent(ConnectionEventKind.StreamSendFinished, entry.Id),
        };
    }

    private bool TryTakeOpened(out ConnectionEvent connectionEvent)
    {
        for (var type = StreamType.Bidirectional; type <= StreamType.Unidirectional; type++)
        {
            if (_remote[(int)type].TryTell(out long index))
            {
                StreamId id = StreamId.Of(_side == Side.Client ? Side.Server : Side.Client, type, index);
                connectionEvent = new ConnectionEvent(ConnectionEventKind.StreamOpened, id);
                return true;
            }
        }

        connectionEvent = default;
        return false;
    }

    private bool TryTakeStreamEvent(out ConnectionEvent connectionEvent)
    {
        while (_events.First is { } entry)
        {
            if (entry.Events != StreamEvents.None)
            {
                connectionEvent = TakeFirst(entry);
                return true;
            }

            _events.Set(entry, false);
            if (entry.IsForgotten)
            {
                _memory.Return(entry);
            }
        }

        connectionEvent = default;
        return false;
    }

    private bool TryTakeAvailable(out ConnectionEvent connectionEvent)
    {
        for (var type = StreamType.Bidirectional; type <= StreamType.Unidirectional; type++)
        {
            long more = _local[(int)type].TakeUntold();
            if (more > 0)
            {
                connectionEvent = new ConnectionEvent(ConnectionEventKind.StreamsAvailable, StreamId.Of(_side, type, 0), more);
                return true;
            }
        }

        connectionEvent = default;
        return false;
    }

    private void Raise(StreamEntry entry, StreamEvents events)
    {
        entry.Events |= entry.IsReleased ? events & StreamEvents.SendFinished : events;
        if (entry.Events != StreamEvents.None)
        {
            _events.Set(entry, true);
        }
    }
}
