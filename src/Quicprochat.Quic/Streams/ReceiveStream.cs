using Quicprochat.Quic.Frames;

namespace Quicprochat.Quic.Streams;

/// <summary>The receiving part of a stream (RFC 9000 §3.2): order, final size, limits. Bytes are counted against the connection too.</summary>
internal sealed class ReceiveStream
{
    private const long Unknown = -1;

    private ReceiveBuffer _buffer;
    private FlowWindow _window;

    /// <summary>Takes its segments from <paramref name="memory"/>.</summary>
    public ReceiveStream(StreamMemory memory) => _buffer = new ReceiveBuffer(memory);

    /// <summary>The state.</summary>
    public ReceiveState State { get; private set; }

    /// <summary>The code of the peer's reset.</summary>
    public long ResetCode { get; private set; }

    /// <summary>True once this end wants no more of it.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The code this end stopped it with.</summary>
    public long StopCode { get; private set; }

    /// <summary>True when STOP_SENDING is to be sent.</summary>
    public bool IsStopPending { get; private set; }

    /// <summary>True when MAX_STREAM_DATA is to be sent.</summary>
    public bool IsLimitPending { get; private set; }

    /// <summary>The stream's part of flow control.</summary>
    public ref readonly FlowWindow Window => ref _window;

    /// <summary>Segments held.</summary>
    public int SegmentCount => _buffer.SegmentCount;

    /// <summary>The next read would be told that there is nothing, so that new data must be announced.</summary>
    public bool IsArmed { get; private set; }

    /// <summary>True when nothing of the peer's can change it any more, given that the application asks for nothing more.</summary>
    public bool IsSettled => State is not (ReceiveState.Recv or ReceiveState.SizeKnown) || (IsStopped && State == ReceiveState.SizeKnown);

    /// <summary>True when everything up to the end has arrived.</summary>
    public bool IsAllReceived => State is ReceiveState.DataRecvd or ReceiveState.DataRead;

    /// <summary>True when a read gives something: bytes, the end, or the reset.</summary>
    public bool IsReadable => !IsStopped && (_buffer.Readable > 0 || State is ReceiveState.DataRecvd or ReceiveState.ResetRecvd);

    /// <summary>The final size, -1 while unknown.</summary>
    public long FinalSize { get; private set; }

    /// <summary>Starts a new stream.</summary>
    public void Start(long window, long windowMax)
    {
        _buffer.Reset();
        _window = new FlowWindow(window, windowMax);
        State = ReceiveState.Recv;
        FinalSize = Unknown;
        ResetCode = 0;
        StopCode = 0;
        IsStopped = false;
        IsStopPending = false;
        IsLimitPending = false;
        IsArmed = true;
    }

    /// <summary>Takes the bytes of a STREAM frame, or the offence it is.</summary>
    public TransportError? Receive(long offset, ReadOnlySpan<byte> data, bool fin, ref FlowWindow connection)
    {
        long end = offset + data.Length;
        if (FinalSize != Unknown && (end > FinalSize || (fin && end != FinalSize)))
        {
            return StreamErrors.FinalSizeChanged(FrameType.Stream); // RFC 9000 §4.5
        }

        if (fin && end < _window.Received)
        {
            return StreamErrors.FinalSizeTooSmall(FrameType.Stream); // RFC 9000 §4.5
        }

        if (Count(end, ref connection, FrameType.Stream) is { } error)
        {
            return error;
        }

        if (fin && State == ReceiveState.Recv)
        {
            FinalSize = end;
            State = ReceiveState.SizeKnown;
            IsLimitPending = false;
        }

        if (State is not (ReceiveState.Recv or ReceiveState.SizeKnown) || IsStopped)
        {
            return null;
        }

        _buffer.Insert(offset, data);
        if (State == ReceiveState.SizeKnown && _buffer.OrderedEnd == FinalSize)
        {
            State = ReceiveState.DataRecvd;
            IsStopPending = false;
        }

        return null;
    }

    /// <summary>Takes a RESET_STREAM frame, or the offence it is.</summary>
    public TransportError? ReceiveReset(long finalSize, long code, ref FlowWindow connection)
    {
        if (FinalSize != Unknown && finalSize != FinalSize)
        {
            return StreamErrors.FinalSizeChanged(FrameType.ResetStream); // RFC 9000 §4.5
        }

        if (finalSize < _window.Received)
        {
            return StreamErrors.FinalSizeTooSmall(FrameType.ResetStream); // RFC 9000 §4.5
        }

        if (Count(finalSize, ref connection, FrameType.ResetStream) is { } error)
        {
            return error;
        }

        // Once all bytes are here the reset is suppressed: they can all be delivered (RFC 9000 §3.2).
        if (State is ReceiveState.Recv or ReceiveState.SizeKnown)
        {
            FinalSize = finalSize;
            ResetCode = code;
            State = ReceiveState.ResetRecvd;
            IsStopPending = false;
            IsLimitPending = false;
            DropUnread(ref connection);
        }

        return null;
    }

    /// <summary>Copies ordered bytes to the application.</summary>
    public StreamReadStatus Read(Span<byte> destination, ref FlowWindow connection, in StreamClock clock, out int count)
    {
        count = 0;
        if (IsStopped)
        {
            return StreamReadStatus.Closed;
        }

        if (State is ReceiveState.ResetRecvd or ReceiveState.ResetRead)
        {
            State = ReceiveState.ResetRead;
            return StreamReadStatus.Reset;
        }

        if (_buffer.Readable > 0)
        {
            count = _buffer.Read(destination);
            bool grew = _window.Consume(count, clock.Now, clock.Rtt);
            connection.Consume(count, clock.Now, clock.Rtt);
            if (grew)
            {
                // The connection's window must not be what holds a single fast stream back.
                connection.TryGrow(_window.Size + (_window.Size / 2));
            }

            IsLimitPending |= State == ReceiveState.Recv && _window.IsDue;
            return StreamReadStatus.Data;
        }

        if (FinalSize != Unknown && _buffer.ReadOffset == FinalSize)
        {
            State = ReceiveState.DataRead;
            return StreamReadStatus.Finished;
        }

        IsArmed = true;
        return StreamReadStatus.Blocked;
    }

    /// <summary>True once when there is something to read and the last read found nothing.</summary>
    public bool TakeReadable()
    {
        if (!IsArmed || !IsReadable)
        {
            return false;
        }

        IsArmed = false;
        return true;
    }

    /// <summary>This end wants no more: what is buffered is dropped, and the peer is asked to stop unless it has nothing left to send.</summary>
    public void Stop(long code, ref FlowWindow connection)
    {
        if (IsStopped)
        {
            return;
        }

        IsStopped = true;
        StopCode = code;
        IsLimitPending = false;
        IsStopPending = State is ReceiveState.Recv or ReceiveState.SizeKnown; // RFC 9000 §3.5
        DropUnread(ref connection);
    }

    /// <summary>STOP_SENDING was sent.</summary>
    public void OnStopSent() => IsStopPending = false;

    /// <summary>STOP_SENDING was lost (RFC 9000 §3.5).</summary>
    public void OnStopLost() => IsStopPending = IsStopped && State is ReceiveState.Recv or ReceiveState.SizeKnown;

    /// <summary>The limit to announce in MAX_STREAM_DATA.</summary>
    public long AnnounceLimit()
    {
        IsLimitPending = false;
        return _window.Announce();
    }

    /// <summary>MAX_STREAM_DATA was lost: only the newest limit is worth sending again (RFC 9000 §13.3).</summary>
    public void OnLimitLost(long limit) => IsLimitPending |= limit == _window.Limit && State == ReceiveState.Recv && !IsStopped;

    /// <summary>Gives all memory back.</summary>
    public void Free() => _buffer.Free();

    // Charges stream and connection for bytes up to an offset. What lies below the largest offset was charged before.
    private TransportError? Count(long end, ref FlowWindow connection, long frameType)
    {
        long more = end - _window.Received;
        if (more <= 0)
        {
            return null;
        }

        if (!_window.TryReceive(more))
        {
            return StreamErrors.StreamLimitExceeded(frameType); // RFC 9000 §4.1
        }

        if (!connection.TryReceive(more))
        {
            return StreamErrors.ConnectionLimitExceeded(frameType); // RFC 9000 §4.1
        }

        if (IsStopped)
        {
            _window.Drop(more);
            connection.Drop(more);
        }

        return null;
    }

    // Bytes nobody will read are credit of the connection again.
    private void DropUnread(ref FlowWindow connection)
    {
        long unread = _window.Received - _window.Consumed;
        _window.Drop(unread);
        connection.Drop(unread);
        _buffer.Free();
    }
}
