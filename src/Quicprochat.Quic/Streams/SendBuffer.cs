namespace Quicprochat.Quic.Streams;

/// <summary>
/// A stream's bytes from the write until their acknowledgement. Each byte is unsent, in flight, lost or acknowledged: a byte is sent anew while
/// unsent, again while lost, and freed once everything up to it is acknowledged.
/// </summary>
internal struct SendBuffer
{
    private SegmentWindow _segments;
    private long _ackedHighest;
    private long _lostFrom;
    private long _lostEnd;

    /// <summary>Starts at offset 0.</summary>
    public SendBuffer(StreamMemory memory) => _segments = new SegmentWindow(memory);

    /// <summary>All bytes below are acknowledged.</summary>
    public long AckedEnd { get; private set; }

    /// <summary>All bytes below were sent at least once: the final size of a stream reset now (RFC 9000 §4.5).</summary>
    public long SentEnd { get; private set; }

    /// <summary>Bytes written so far.</summary>
    public long WrittenEnd { get; private set; }

    /// <summary>Bytes held.</summary>
    public readonly long Buffered => WrittenEnd - AckedEnd;

    /// <summary>Bytes never sent so far.</summary>
    public readonly long Unsent => WrittenEnd - SentEnd;

    /// <summary>True when there are bytes to send again.</summary>
    public readonly bool HasLost => _lostFrom < _lostEnd;

    /// <summary>True when every byte written is acknowledged.</summary>
    public readonly bool IsAllAcked => AckedEnd == WrittenEnd;

    /// <summary>Segments held.</summary>
    public readonly int SegmentCount => _segments.Count;

    /// <summary>Appends bytes.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        _segments.Write(WrittenEnd, data);
        WrittenEnd += data.Length;
    }

    /// <summary>The next run of bytes to send again, at most <paramref name="max"/> of them; false when there is none.</summary>
    public readonly bool TryPeekLost(int max, out long offset, out int length)
    {
        offset = _lostFrom;
        length = 0;
        if (!HasLost || max <= 0)
        {
            return false;
        }

        while (length < max)
        {
            long at = offset + length;
            int within = (int)(at % Segment.Size);
            ReadOnlySpan<ulong> lost = _segments.At(at) is Segment segment ? segment.Lost : default;
            int next = lost.IsEmpty ? within : BitRuns.NextClear(lost, within);
            length += next - within;
            if (next < Segment.Size)
            {
                break;
            }
        }

        length = Math.Min(length, max);
        return true;
    }

    /// <summary>Bytes given by <see cref="TryPeekLost"/> were sent again.</summary>
    public void TakeLost(long offset, int length) => ClearLost(offset, offset + length);

    /// <summary>The next <paramref name="length"/> bytes were sent for the first time.</summary>
    public void TakeUnsent(int length) => SentEnd += length;

    /// <summary>Copies bytes that are still held.</summary>
    public readonly void CopyTo(long offset, Span<byte> destination) => _segments.Read(offset, destination);

    /// <summary>Bytes were acknowledged.</summary>
    public void OnAcked(long offset, int length)
    {
        long end = offset + length;
        offset = Math.Max(offset, AckedEnd);
        if (offset >= end)
        {
            return;
        }

        ClearLost(offset, end);
        if (offset > AckedEnd)
        {
            MarkAcked(offset, end);
            _ackedHighest = Math.Max(_ackedHighest, end);
            return;
        }

        AckedEnd = _ackedHighest > end ? EndOfAcked(end) : end;
        _ackedHighest = Math.Max(_ackedHighest, AckedEnd);
        if (AckedEnd == WrittenEnd)
        {
            _segments.FreeAll();
        }
        else
        {
            _segments.FreeBelow(AckedEnd);
        }
    }

    /// <summary>Bytes were lost: those not acknowledged otherwise are to be sent again.</summary>
    public void OnLost(long offset, int length)
    {
        long end = offset + length;
        for (offset = Math.Max(offset, AckedEnd); offset < end;)
        {
            int within = (int)(offset % Segment.Size);
            int stop = (int)Math.Min(Segment.Size, within + (end - offset));
            Segment segment = _segments.At(offset)!;
            ReadOnlySpan<ulong> acked = segment.Held;
            int from = acked.IsEmpty ? within : Math.Min(BitRuns.NextClear(acked, within), stop);
            int to = acked.IsEmpty ? stop : Math.Min(BitRuns.NextSet(acked, from), stop);
            if (from < to)
            {
                BitRuns.Set(segment.LostForChange(), from, to);
                long start = offset - within + from;
                _lostFrom = HasLost ? Math.Min(_lostFrom, start) : start;
                _lostEnd = Math.Max(_lostEnd, offset - within + to);
            }

            offset += to - within;
        }
    }

    /// <summary>Frees everything; nothing more will be sent. The offsets stay.</summary>
    public void Free()
    {
        _segments.FreeAll();
        _segments.Trim();
        _lostFrom = 0;
        _lostEnd = 0;
    }

    /// <summary>Makes it fit for another stream.</summary>
    public void Reset()
    {
        Free();
        AckedEnd = 0;
        SentEnd = 0;
        WrittenEnd = 0;
        _ackedHighest = 0;
    }

    private void MarkAcked(long offset, long end)
    {
        while (offset < end)
        {
            int within = (int)(offset % Segment.Size);
            int count = (int)Math.Min(end - offset, Segment.Size - within);
            BitRuns.Set(_segments.At(offset)!.HeldForChange(), within, within + count);
            offset += count;
        }
    }

    private readonly long EndOfAcked(long offset)
    {
        while (offset < _ackedHighest)
        {
            int within = (int)(offset % Segment.Size);
            ReadOnlySpan<ulong> acked = _segments.At(offset)!.Held;
            int next = acked.IsEmpty ? within : BitRuns.NextClear(acked, within);
            offset += next - within;
            if (next < Segment.Size)
            {
                break;
            }
        }

        return offset;
    }

    // Keeps this true: either nothing is lost and both bounds are equal, or the byte at _lostFrom is lost.
    private void ClearLost(long offset, long end)
    {
        if (!HasLost || end <= _lostFrom || offset >= _lostEnd)
        {
            return;
        }

        for (long at = Math.Max(offset, _lostFrom); at < Math.Min(end, _lostEnd);)
        {
            int within = (int)(at % Segment.Size);
            int count = (int)Math.Min(Math.Min(end, _lostEnd) - at, Segment.Size - within);
            Segment segment = _segments.At(at)!;
            if (!segment.Lost.IsEmpty)
            {
                BitRuns.Clear(segment.LostForChange(), within, within + count);
            }

            at += count;
        }

        FindLost();
    }

    private void FindLost()
    {
        while (_lostFrom < _lostEnd)
        {
            int within = (int)(_lostFrom % Segment.Size);
            ReadOnlySpan<ulong> lost = _segments.At(_lostFrom)!.Lost;
            int next = lost.IsEmpty ? Segment.Size : BitRuns.NextSet(lost, within);
            _lostFrom += next - within;
            if (next < Segment.Size)
            {
                return;
            }
        }

        _lostFrom = 0;
        _lostEnd = 0;
    }
}
