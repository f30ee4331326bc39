namespace Quicprochat.Quic.Streams;

/// <summary>A queue of streams threaded through the streams themselves: entering and leaving, also from the middle, allocate nothing.</summary>
internal sealed class StreamQueue
{
    private readonly int _kind;
    private StreamEntry? _last;

    /// <summary>Uses the links of <paramref name="kind"/>.</summary>
    public StreamQueue(StreamQueueKind kind) => _kind = (int)kind;

    /// <summary>The stream whose turn it is.</summary>
    public StreamEntry? First { get; private set; }

    /// <summary>True when no stream waits.</summary>
    public bool IsEmpty => First is null;

    /// <summary>Puts a stream last, or takes it out.</summary>
    public void Set(StreamEntry entry, bool isQueued)
    {
        if (entry.Links[_kind].IsQueued == isQueued)
        {
            return;
        }

        if (isQueued)
        {
            Append(entry);
        }
        else
        {
            Remove(entry);
        }
    }

    /// <summary>The first goes to the end: its turn is over.</summary>
    public void Rotate()
    {
        if (First is { } entry && entry != _last)
        {
            Remove(entry);
            Append(entry);
        }
    }

    private void Append(StreamEntry entry)
    {
        entry.Links[_kind] = new StreamLink { Previous = _last, IsQueued = true };
        if (_last is null)
        {
            First = entry;
        }
        else
        {
            _last.Links[_kind].Next = entry;
        }

        _last = entry;
    }

    private void Remove(StreamEntry entry)
    {
        StreamLink link = entry.Links[_kind];
        if (link.Previous is null)
        {
            First = link.Next;
        }
        else
        {
            link.Previous.Links[_kind].Next = link.Next;
        }

        if (link.Next is null)
        {
            _last = link.Previous;
        }
        else
        {
            link.Next.Links[_kind].Previous = link.Previous;
        }

        entry.Links[_kind] = default;
    }
}
