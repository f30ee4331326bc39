using System.Numerics;

namespace Quicprochat.Quic.Streams;

/// <summary>The segments of a stretch of a stream, found by offset: a ring of references that grows with the stretch.</summary>
internal struct SegmentWindow
{
    private const int FirstRoom = 4;
    private const int KeptRoom = 64;

    private readonly StreamMemory _memory;
    private Segment?[] _ring;
    private long _first;
    private long _end;

    /// <summary>Takes its segments from <paramref name="memory"/>.</summary>
    public SegmentWindow(StreamMemory memory)
    {
        _memory = memory;
        _ring = [];
    }

    /// <summary>Segments held.</summary>
    public int Count { get; private set; }

    /// <summary>The segment with the byte at <paramref name="offset"/>, if there is one.</summary>
    public readonly Segment? At(long offset)
    {
        long number = offset / Segment.Size;
        return number >= _first && number < _end ? _ring[Slot(number)] : null;
    }

    /// <summary>The segment for the byte at <paramref name="offset"/>, which must not lie below what was freed.</summary>
    public Segment Get(long offset)
    {
        long number = offset / Segment.Size;
        if (_first == _end)
        {
            _first = number;
            _end = number;
        }

        MakeRoom(Math.Min(_first, number), Math.Max(_end, number + 1));
        _first = Math.Min(_first, number);
        _end = Math.Max(_end, number + 1);
        ref Segment? slot = ref _ring[Slot(number)];
        if (slot is null)
        {
            slot = _memory.RentSegment();
            Count++;
        }

        return slot;
    }

    /// <summary>Copies bytes in, renting what is missing.</summary>
    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            int within = (int)(offset % Segment.Size);
            int count = Math.Min(data.Length, Segment.Size - within);
            data[..count].CopyTo(Get(offset).Bytes.AsSpan(within));
            data = data[count..];
            offset += count;
        }
    }

    /// <summary>Copies bytes out, all of which were written before.</summary>
    public readonly void Read(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int within = (int)(offset % Segment.Size);
            int count = Math.Min(destination.Length, Segment.Size - within);
            At(offset)!.Bytes.AsSpan(within, count).CopyTo(destination);
            destination = destination[count..];
            offset += count;
        }
    }

    /// <summary>Returns the segments that lie wholly below <paramref name="offset"/>.</summary>
    public void FreeBelow(long offset)
    {
        long number = offset / Segment.Size;
        while (_first < _end && _first < number)
        {
            Free(_first);
            _first++;
        }
    }

    /// <summary>Returns all segments.</summary>
    public void FreeAll()
    {
        for (; _first < _end; _first++)
        {
            Free(_first);
        }
    }

    /// <summary>Gives a ring back that grew large; the stream is over.</summary>
    public void Trim()
    {
        if (_ring.Length > KeptRoom && Count == 0)
        {
            _ring = [];
        }
    }

    private readonly int Slot(long number) => (int)(number & (_ring.Length - 1));

    private void Free(long number)
    {
        ref Segment? slot = ref _ring[Slot(number)];
        if (slot is not null)
        {
            _memory.Return(slot);
            slot = null;
            Count--;
        }
    }

    private void MakeRoom(long first, long end)
    {
        if (end - first <= _ring.Length)
        {
            return;
        }

        var ring = new Segment?[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(FirstRoom, end - first))];
        for (long number = _first; number < _end; number++)
        {
            ring[(int)(number & (ring.Length - 1))] = _ring[Slot(number)];
        }

        _ring = ring;
    }
}
