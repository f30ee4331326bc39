namespace Quicprochat.Quic.Streams;

internal sealed partial class StreamTable
{
    // Sent where the application released a stream without ending it.
    private const long NoCode = 0;

    /// <summary>Opens a stream; false at the peer's limit.</summary>
    public bool TryOpen(StreamType type, out StreamId id)
    {
        id = default;
        if (_isAborted || _peer is null || !_local[(int)type].TryOpen(out long index))
        {
            return false;
        }

        id = StreamId.Of(_side, type, index);
        Add(id);
        return true;
    }

    /// <summary>Takes as much as the stream's buffer holds, and the end of the stream once all was taken.</summary>
    public StreamWriteStatus Write(StreamId id, ReadOnlySpan<byte> data, bool finish, out int taken)
    {
        taken = 0;
        if (Find(id) is not { IsReleased: false, Send: { } send } entry)
        {
            return StreamWriteStatus.Closed;
        }

        StreamWriteStatus status = send.Write(data, finish, out taken);
        Requeue(entry);
        return status;
    }

    /// <summary>Copies ordered bytes. <paramref name="code"/> is the peer's when the stream was reset.</summary>
    public StreamReadStatus Read(StreamId id, Span<byte> destination, long now, out int count, out long code)
    {
        count = 0;
        code = 0;
        if (Find(id) is not { IsReleased: false, Receive: { } receive } entry)
        {
            return StreamReadStatus.Closed;
        }

        StreamReadStatus status = receive.Read(destination, ref _window, new StreamClock(now, Rtt), out count);
        code = receive.ResetCode;
        _isLimitPending |= _window.IsDue;
        Requeue(entry);
        return status;
    }

    /// <summary>True when everything up to the end has arrived: what is unread is all there will be.</summary>
    public bool IsReadFinished(StreamId id) => Find(id) is { Receive: { IsStopped: false, IsAllReceived: true } };

    /// <summary>Abandons sending (RESET_STREAM).</summary>
    public void Reset(StreamId id, long code)
    {
        if (Find(id) is { Send: { } send } entry && send.Reset(code))
        {
            entry.Events &= ~StreamEvents.Writable;
            Requeue(entry);
        }
    }

    /// <summary>Asks the peer to stop (STOP_SENDING); what is buffered is dropped.</summary>
    public void StopSending(StreamId id, long code)
    {
        if (Find(id) is { Receive: { } receive } entry)
        {
            receive.Stop(code, ref _window);
            entry.Events &= ~StreamEvents.Readable;
            _isLimitPending |= _window.IsDue;
            Requeue(entry);
            ForgetIfDone(entry);
        }
    }

    /// <summary>
    /// The application is done with the stream. A sending part that was not finished is reset, a receiving part that has not ended is stopped, both
    /// with code 0. Bytes already written are still delivered; <see cref="ConnectionEventKind.StreamSendFinished"/> still comes, nothing else.
    /// </summary>
    public void Release(StreamId id)
    {
        if (Find(id) is not { IsReleased: false } entry)
        {
            return;
        }

        entry.IsReleased = true;
        entry.Events &= StreamEvents.SendFinished;
        if (entry.Send is { IsFinished: false } send)
        {
            send.Reset(NoCode);
        }

        entry.Receive?.Stop(NoCode, ref _window);
        _isLimitPending |= _window.IsDue;
        Requeue(entry);
        ForgetIfDone(entry);
    }
}
