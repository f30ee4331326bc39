using Quicprochat.Quic.Frames;

namespace Quicprochat.Quic.Streams;

internal sealed partial class StreamTable
{
    /// <summary>STREAM (RFC 9000 §19.8).</summary>
    public TransportError? Handle(in StreamFrame frame)
    {
        if (FindReceiver(frame.StreamId, FrameType.Stream, out StreamEntry? entry) is { } fault)
        {
            return fault;
        }

        return entry?.Receive is { } receive ? AfterReceive(entry, receive.Receive(frame.Offset, frame.Data, frame.Fin, ref _window)) : null;
    }

    /// <summary>RESET_STREAM (RFC 9000 §19.4).</summary>
    public TransportError? Handle(in ResetStreamFrame frame)
    {
        if (FindReceiver(frame.StreamId, FrameType.ResetStream, out StreamEntry? entry) is { } fault)
        {
            return fault;
        }

        return entry?.Receive is { } receive ? AfterReceive(entry, receive.ReceiveReset(frame.FinalSize, frame.ErrorCode, ref _window)) : null;
    }

    /// <summary>STREAM_DATA_BLOCKED (RFC 9000 §19.13): it opens the stream; limits follow the application, not the peer's wish.</summary>
    public TransportError? Handle(in StreamDataBlockedFrame frame) => FindReceiver(frame.StreamId, FrameType.StreamDataBlocked, out _);

    /// <summary>STOP_SENDING (RFC 9000 §19.5).</summary>
    public TransportError? Handle(in StopSendingFrame frame)
    {
        if (FindSender(frame.StreamId, FrameType.StopSending, out StreamEntry? entry) is { } fault)
        {
            return fault;
        }

        // RFC 9000 §3.5: answered by a reset with the same code, unless the stream is reset or acknowledged already.
        if (entry?.Send is { } send && send.Reset(frame.ErrorCode))
        {
            entry.StopCode = frame.ErrorCode;
            entry.Events &= ~StreamEvents.Writable;
            Raise(entry, StreamEvents.Stopped);
            Requeue(entry);
        }

        return null;
    }

    /// <summary>MAX_STREAM_DATA (RFC 9000 §19.10).</summary>
    public TransportError? Handle(in MaxStreamDataFrame frame)
    {
        if (FindSender(frame.StreamId, FrameType.MaxStreamData, out StreamEntry? entry) is { } fault)
        {
            return fault;
        }

        if (entry?.Send is { } send)
        {
            send.RaiseMaxData(frame.MaximumStreamData);
            Requeue(entry);
        }

        return null;
    }

    /// <summary>MAX_DATA (RFC 9000 §19.9).</summary>
    public void Handle(in MaxDataFrame frame)
    {
        _maxData = Math.Max(_maxData, frame.MaximumData);
        NoteBlocked();
    }

    /// <summary>MAX_STREAMS (RFC 9000 §19.11); its reader has checked the bound of 2^60.</summary>
    public void Handle(in MaxStreamsFrame frame) => _local[(int)frame.StreamType].Raise(frame.MaximumStreams);

    // For frames a sender sends. No error and no entry: the stream is closed, and the frame late.
    private TransportError? FindReceiver(StreamId id, long frameType, out StreamEntry? entry)
    {
        entry = Find(id);
        if (id.Initiator != _side)
        {
            return entry is null ? Open(id, frameType, out entry) : null;
        }

        if (id.Type == StreamType.Unidirectional)
        {
            return StreamErrors.SendOnly(frameType); // RFC 9000 §19.4, §19.8, §19.13
        }

        return IsCreated(id) ? null : StreamErrors.NotCreated(frameType); // RFC 9000 §19.8
    }

    // For frames a receiver sends.
    private TransportError? FindSender(StreamId id, long frameType, out StreamEntry? entry)
    {
        entry = Find(id);
        if (id.Initiator == _side)
        {
            return IsCreated(id) ? null : StreamErrors.NotCreated(frameType); // RFC 9000 §19.5, §19.10
        }

        if (id.Type == StreamType.Unidirectional)
        {
            return StreamErrors.ReceiveOnly(frameType); // RFC 9000 §19.5, §19.10
        }

        return entry is null ? Open(id, frameType, out entry) : null;
    }

    private bool IsCreated(StreamId id) => id.Index < _local[(int)id.Type].Opened;

    // The use of a number opens all streams of its type below it too (RFC 9000 §3.2); the limit bounds how many that can be.
    private TransportError? Open(StreamId id, long frameType, out StreamEntry? entry)
    {
        entry = null;
        ref RemoteStreams remote = ref _remote[(int)id.Type];
        if (id.Index >= remote.Limit)
        {
            return StreamErrors.TooManyStreams(frameType); // RFC 9000 §4.6
        }

        while (!_isAborted && remote.TryOpenUpTo(id.Index, out long index))
        {
            entry = Add(StreamId.Of(id.Initiator, id.Type, index));
        }

        return null;
    }

    private TransportError? AfterReceive(StreamEntry entry, TransportError? error)
    {
        if (error is not null)
        {
            return error;
        }

        if (entry.Receive!.TakeReadable())
        {
            Raise(entry, StreamEvents.Readable);
        }

        _isLimitPending |= _window.IsDue;
        Requeue(entry);
        ForgetIfDone(entry);
        return null;
    }
}
