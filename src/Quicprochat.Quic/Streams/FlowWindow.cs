namespace Quicprochat.Quic.Streams;

/// <summary>
/// The receiving side of flow control, for a stream or for the whole connection (RFC 9000 §4.1): what the peer was allowed, what it used, what the
/// application took. The window doubles when all of it is taken within two round trips: it is then the window that holds the peer back.
/// </summary>
internal struct FlowWindow
{
    private readonly long _maxSize;
    private long _epochStart;
    private long _epochConsumed;
    private bool _hasEpoch;

    /// <summary>Grants <paramref name="size"/> bytes at first, as the transport parameters announced.</summary>
    public FlowWindow(long size, long maxSize)
    {
        Size = size;
        _maxSize = Math.Max(size, maxSize);
        Limit = size;
    }

    /// <summary>Bytes the peer may be ahead of the application.</summary>
    public long Size { get; private set; }

    /// <summary>The largest limit announced.</summary>
    public long Limit { get; private set; }

    /// <summary>Bytes used by the peer: the sum of the largest offsets seen.</summary>
    public long Received { get; private set; }

    /// <summary>Bytes taken by the application, or dropped for it.</summary>
    public long Consumed { get; private set; }

    /// <summary>What the limit would be if it were announced now.</summary>
    public readonly long NextLimit => Math.Max(Limit, Math.Min(Consumed + Size, StreamId.Max));

    /// <summary>True when so little credit is left that a new limit should be announced.</summary>
    public readonly bool IsDue => Limit - Consumed <= Size / 2 && NextLimit > Limit;

    /// <summary>Counts bytes the peer used; false when they exceed the limit.</summary>
    public bool TryReceive(long count)
    {
        if (count > Limit - Received)
        {
            return false;
        }

        Received += count;
        return true;
    }

    /// <summary>Counts bytes dropped unread.</summary>
    public void Drop(long count) => Consumed += count;

    /// <summary>Counts bytes the application took. True when the window was doubled.</summary>
    public bool Consume(long count, long now, long rtt)
    {
        Consumed += count;
        if (!_hasEpoch)
        {
            StartEpoch(now);
            return false;
        }

        if (!IsDue)
        {
            return false;
        }

        // In this epoch the application took (Consumed - _epochConsumed) in (now - _epochStart); would a window's worth take two round trips?
        double taken = Consumed - _epochConsumed;
        bool isLimiting = taken * 2 * rtt >= (double)Size * Math.Max(now - _epochStart, 0);
        StartEpoch(now);
        return isLimiting && TryGrow(Size * 2);
    }

    /// <summary>Makes the window at least so large, within its bound.</summary>
    public bool TryGrow(long size)
    {
        size = Math.Min(size, _maxSize);
        if (size <= Size)
        {
            return false;
        }

        Size = size;
        return true;
    }

    /// <summary>The limit to announce now; it counts from here on.</summary>
    public long Announce() => Limit = NextLimit;

    private void StartEpoch(long now)
    {
        _hasEpoch = true;
        _epochStart = now;
        _epochConsumed = Consumed;
    }
}
