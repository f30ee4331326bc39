namespace Quicprochat.Quic.Streams;

/// <summary>
/// What the streams of all connections of one endpoint share: segments and stream objects not in use at the moment, a bounded number of them.
/// It belongs to the endpoint's thread.
/// </summary>
internal sealed class StreamMemory
{
    private const int MaxFreeEntries = 256;

    private readonly Stack<Segment> _segments = new();
    private readonly Stack<StreamEntry> _entries = new();
    private readonly int _maxFreeSegments;

    /// <summary>Keeps at most so many free segments (of 4 KiB each, besides their marks).</summary>
    public StreamMemory(int maxFreeSegments = 1024) => _maxFreeSegments = maxFreeSegments;

    /// <summary>Segments in use.</summary>
    public int SegmentsRented { get; private set; }

    /// <summary>Segments kept for later.</summary>
    public int SegmentsFree => _segments.Count;

    /// <summary>An empty segment; its bytes are whatever they were.</summary>
    public Segment RentSegment()
    {
        SegmentsRented++;
        return _segments.TryPop(out Segment? segment) ? segment : new Segment();
    }

    /// <summary>Takes a segment back.</summary>
    public void Return(Segment segment)
    {
        SegmentsRented--;
        if (_segments.Count < _maxFreeSegments)
        {
            segment.Reset();
            _segments.Push(segment);
        }
    }

    /// <summary>A stream without an identity.</summary>
    public StreamEntry RentEntry() => _entries.TryPop(out StreamEntry? entry) ? entry : new StreamEntry(this);

    /// <summary>Takes a stream back; its segments were returned before.</summary>
    public void Return(StreamEntry entry)
    {
        if (_entries.Count < MaxFreeEntries)
        {
            _entries.Push(entry);
        }
    }
}
