namespace Quicprochat.Quic.Streams;

/// <summary>
/// The sending part of a stream (RFC 9000 §3.1): bytes, their end or their reset, and the peer's limit. What is sent is decided by
/// <see cref="StreamTable"/>; connection-level credit is not known here.
/// </summary>
internal sealed class SendStream
{
    // Not enough room for a frame of any use is freed one packet at a time: the writer is woken for this much.
    private const long WakeRoom = 64 << 10;

    private SendBuffer _buffer;
    private int _bufferMax;
    private bool _hasFin;
    private bool _isFinSent;
    private bool _isFinLost;
    private bool _isFinAcked;
    private bool _wantsRoom;
    private bool _isResetPending;
    private long _blockedAt;
    private bool _isBlockedPending;

    /// <summary>Takes its segments from <paramref name="memory"/>.</summary>
    public SendStream(StreamMemory memory) => _buffer = new SendBuffer(memory);

    /// <summary>The state.</summary>
    public SendState State { get; private set; }

    /// <summary>The peer's limit for the stream.</summary>
    public long MaxData { get; private set; }

    /// <summary>The code of the reset.</summary>
    public long ResetCode { get; private set; }

    /// <summary>The final size a reset announces: what was sent so far, and never anything else (RFC 9000 §13.3).</summary>
    public long FinalSize => _buffer.SentEnd;

    /// <summary>True in the two terminal states.</summary>
    public bool IsFinal => State is SendState.DataRecvd or SendState.ResetRecvd;

    /// <summary>True when the application can add nothing: it gave the end, or the stream is reset.</summary>
    public bool IsFinished => _hasFin || State is SendState.ResetSent or SendState.ResetRecvd;

    /// <summary>True when bytes, or the end, are to be sent that need no credit: lost ones, or an end without bytes.</summary>
    public bool HasRepair => State is SendState.Ready or SendState.Send or SendState.DataSent
        && (_buffer.HasLost || (IsFinWanted && _buffer.Unsent == 0));

    /// <summary>How many new bytes the stream has that its own limit allows.</summary>
    public long Sendable => State is SendState.Ready or SendState.Send ? Math.Min(_buffer.Unsent, MaxData - _buffer.SentEnd) : 0;

    /// <summary>True when RESET_STREAM is to be sent.</summary>
    public bool IsResetPending => _isResetPending;

    /// <summary>True when STREAM_DATA_BLOCKED is to be sent; what it says is <see cref="MaxData"/>.</summary>
    public bool IsBlockedPending => _isBlockedPending && IsBlocked;

    /// <summary>Segments held.</summary>
    public int SegmentCount => _buffer.SegmentCount;

    private bool IsFinWanted => _hasFin && (!_isFinSent || _isFinLost);

    private bool IsBlocked => State is SendState.Ready or SendState.Send && _buffer.Unsent > 0 && _buffer.SentEnd >= MaxData;

    /// <summary>Starts a new stream.</summary>
    public void Start(long maxData, int bufferMax)
    {
        _buffer.Reset();
        _bufferMax = bufferMax;
        _hasFin = false;
        _isFinSent = false;
        _isFinLost = false;
        _isFinAcked = false;
        _wantsRoom = false;
        _isResetPending = false;
        _isBlockedPending = false;
        _blockedAt = -1;
        State = SendState.Ready;
        MaxData = maxData;
        ResetCode = 0;
    }

    /// <summary>Takes bytes from the application, and the end once all were taken.</summary>
    public StreamWriteStatus Write(ReadOnlySpan<byte> data, bool finish, out int taken)
    {
        taken = 0;
        if (State is SendState.ResetSent or SendState.ResetRecvd)
        {
            return StreamWriteStatus.Stopped;
        }

        if (_hasFin)
        {
            return StreamWriteStatus.Closed;
        }

        taken = (int)Math.Min(data.Length, Math.Max(_bufferMax - _buffer.Buffered, 0));
        _buffer.Write(data[..taken]);
        NoteBlocked();
        if (taken < data.Length)
        {
            _wantsRoom = true;
            return StreamWriteStatus.Partial;
        }

        _wantsRoom = false;
        _hasFin = finish;
        return StreamWriteStatus.Complete;
    }

    /// <summary>Abandons the stream (RFC 9000 §3.1). False when it is too late to matter.</summary>
    public bool Reset(long code)
    {
        if (State is not (SendState.Ready or SendState.Send or SendState.DataSent))
        {
            return false;
        }

        State = SendState.ResetSent;
        ResetCode = code;
        _isResetPending = true;
        _isBlockedPending = false;
        _wantsRoom = false;
        _buffer.Free();
        return true;
    }

    /// <summary>The peer raised its limit; a lower one is ignored (RFC 9000 §4.1).</summary>
    public void RaiseMaxData(long limit)
    {
        MaxData = Math.Max(MaxData, limit);
        NoteBlocked();
    }

    /// <summary>
    /// What to send next: lost bytes first, then, when <paramref name="newMax"/> allows, new ones. False when there is nothing.
    /// A chunk may be empty when all that is missing is the end.
    /// </summary>
    public bool TryPeek(int max, long newMax, out SendChunk chunk)
    {
        if (_buffer.TryPeekLost(max, out long offset, out int length))
        {
            chunk = new SendChunk(offset, length, EndsStream(offset + length), IsNew: false);
            return true;
        }

        length = (int)Math.Min(Math.Min(max, Sendable), newMax);
        offset = _buffer.SentEnd;
        bool fin = IsFinWanted && offset + length == _buffer.WrittenEnd;
        chunk = new SendChunk(offset, length, fin, IsNew: true);
        return length > 0 || (fin && HasRepair);
    }

    /// <summary>Copies a chunk's bytes and counts it as sent.</summary>
    public void Take(in SendChunk chunk, Span<byte> destination)
    {
        _buffer.CopyTo(chunk.Offset, destination);
        if (chunk.IsNew)
        {
            _buffer.TakeUnsent(chunk.Length);
        }
        else
        {
            _buffer.TakeLost(chunk.Offset, chunk.Length);
        }

        if (State == SendState.Ready)
        {
            State = SendState.Send;
        }

        if (chunk.Fin)
        {
            _isFinSent = true;
            _isFinLost = false;
            State = SendState.DataSent;
        }

        NoteBlocked();
    }

    /// <summary>RESET_STREAM was sent.</summary>
    public void OnResetSent() => _isResetPending = false;

    /// <summary>STREAM_DATA_BLOCKED was sent.</summary>
    public void OnBlockedSent()
    {
        _isBlockedPending = false;
        if (State == SendState.Ready)
        {
            State = SendState.Send;
        }
    }

    /// <summary>Bytes, and perhaps the end, were acknowledged.</summary>
    public void OnAcked(long offset, int length, bool fin)
    {
        if (State is not (SendState.Send or SendState.DataSent))
        {
            return;
        }

        _buffer.OnAcked(offset, length);
        if (fin && _isFinSent)
        {
            _isFinAcked = true;
            _isFinLost = false;
        }

        if (_isFinAcked && _buffer.IsAllAcked)
        {
            State = SendState.DataRecvd;
        }
    }

    /// <summary>Bytes, and perhaps the end, were lost.</summary>
    public void OnLost(long offset, int length, bool fin)
    {
        if (State is not (SendState.Send or SendState.DataSent))
        {
            return; // RFC 9000 §13.3: nothing is repaired once the stream is reset
        }

        _buffer.OnLost(offset, length);
        _isFinLost |= fin && !_isFinAcked;
    }

    /// <summary>RESET_STREAM was acknowledged.</summary>
    public void OnResetAcked()
    {
        if (State == SendState.ResetSent)
        {
            State = SendState.ResetRecvd;
            _isResetPending = false;
        }
    }

    /// <summary>RESET_STREAM was lost.</summary>
    public void OnResetLost() => _isResetPending = State == SendState.ResetSent;

    /// <summary>STREAM_DATA_BLOCKED was lost: sent again only while the same limit still blocks (RFC 9000 §13.3).</summary>
    public void OnBlockedLost(long limit) => _isBlockedPending = limit == MaxData && IsBlocked;

    /// <summary>Says again that the limit blocks the stream, if it does (RFC 9000 §4.1).</summary>
    public bool RepeatBlocked()
    {
        _isBlockedPending |= IsBlocked;
        return _isBlockedPending;
    }

    /// <summary>True once when a write that was cut short can go on.</summary>
    public bool TakeWritable()
    {
        long room = _bufferMax - _buffer.Buffered;
        if (!_wantsRoom || room < Math.Min(WakeRoom, Math.Max(_bufferMax / 4, 1)))
        {
            return false;
        }

        _wantsRoom = false;
        return true;
    }

    /// <summary>Gives all memory back.</summary>
    public void Free() => _buffer.Free();

    private bool EndsStream(long end) => IsFinWanted && end == _buffer.WrittenEnd;

    // Announced once for each limit (RFC 9000 §4.1).
    private void NoteBlocked()
    {
        if (IsBlocked && _blockedAt != MaxData)
        {
            _blockedAt = MaxData;
            _isBlockedPending = true;
        }
    }
}
