namespace Quicprochat.Quic.Streams;

/// <summary>
/// Puts a stream's bytes in order. The caller has checked that they lie within the window it granted; then the memory is at most that window,
/// rounded up to segments, and two eighths of it, whatever order, size and overlap the pieces have.
/// </summary>
internal struct ReceiveBuffer
{
    private SegmentWindow _segments;

    /// <summary>Starts at offset 0.</summary>
    public ReceiveBuffer(StreamMemory memory) => _segments = new SegmentWindow(memory);

    /// <summary>Where the next read starts.</summary>
    public long ReadOffset { get; private set; }

    /// <summary>All bytes below have arrived.</summary>
    public long OrderedEnd { get; private set; }

    /// <summary>One more than the largest offset received.</summary>
    public long HighestEnd { get; private set; }

    /// <summary>Bytes a read can give.</summary>
    public readonly long Readable => OrderedEnd - ReadOffset;

    /// <summary>Segments held.</summary>
    public readonly int SegmentCount => _segments.Count;

    /// <summary>Takes a piece. Bytes that are there already are left as they are.</summary>
    public void Insert(long offset, ReadOnlySpan<byte> data)
    {
        long end = offset + data.Length;
        if (end <= OrderedEnd)
        {
            return;
        }

        if (offset < OrderedEnd)
        {
            data = data[(int)(OrderedEnd - offset)..];
            offset = OrderedEnd;
        }

        _segments.Write(offset, data);
        if (offset > OrderedEnd)
        {
            MarkHeld(offset, end);
        }
        else
        {
            OrderedEnd = HighestEnd > end ? EndOfHeld(end) : end;
        }

        HighestEnd = Math.Max(HighestEnd, end);
    }

    /// <summary>Copies the next bytes out and frees them; gives how many.</summary>
    public int Read(Span<byte> destination)
    {
        int count = (int)Math.Min(destination.Length, Readable);
        _segments.Read(ReadOffset, destination[..count]);
        Advance(count);
        return count;
    }

    /// <summary>The next bytes as far as they lie in one piece.</summary>
    public readonly ReadOnlySpan<byte> Peek()
    {
        int within = (int)(ReadOffset % Segment.Size);
        int count = (int)Math.Min(Readable, Segment.Size - within);
        return count == 0 ? default : _segments.At(ReadOffset)!.Bytes.AsSpan(within, count);
    }

    /// <summary>Passes over bytes that were looked at.</summary>
    public void Advance(int count)
    {
        ReadOffset += count;
        if (ReadOffset == HighestEnd)
        {
            _segments.FreeAll();
        }
        else
        {
            _segments.FreeBelow(ReadOffset);
        }
    }

    /// <summary>Frees everything; nothing more will be read.</summary>
    public void Free()
    {
        _segments.FreeAll();
        _segments.Trim();
    }

    /// <summary>Makes it fit for another stream.</summary>
    public void Reset()
    {
        Free();
        ReadOffset = 0;
        OrderedEnd = 0;
        HighestEnd = 0;
    }

    private void MarkHeld(long offset, long end)
    {
        while (offset < end)
        {
            int within = (int)(offset % Segment.Size);
            int count = (int)Math.Min(end - offset, Segment.Size - within);
            BitRuns.Set(_segments.Get(offset).HeldForChange(), within, within + count);
            offset += count;
        }
    }

    private readonly long EndOfHeld(long offset)
    {
        while (true)
        {
            int within = (int)(offset % Segment.Size);
            ReadOnlySpan<ulong> held = _segments.At(offset) is Segment segment ? segment.Held : default;
            int next = held.IsEmpty ? within : BitRuns.NextClear(held, within);
            offset += next - within;
            if (next < Segment.Size)
            {
                return offset;
            }
        }
    }
}
