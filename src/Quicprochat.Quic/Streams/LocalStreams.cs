namespace Quicprochat.Quic.Streams;

/// <summary>The streams of one type that this end opens, against the peer's limit (RFC 9000 §4.6).</summary>
internal struct LocalStreams
{
    // One more than the limit STREAMS_BLOCKED was said for, 0 before the first.
    private long _saidFor;

    /// <summary>How many were opened.</summary>
    public long Opened { get; private set; }

    /// <summary>How many the peer allows.</summary>
    public long Limit { get; private set; }

    /// <summary>How many of these the application has not been told of.</summary>
    public long Untold { get; private set; }

    /// <summary>True when STREAMS_BLOCKED is to be sent; what it says is <see cref="Limit"/>.</summary>
    public bool IsBlockedPending { get; private set; }

    /// <summary>Opens the next; false at the limit.</summary>
    public bool TryOpen(out long index)
    {
        index = Opened;
        if (Opened < Limit)
        {
            Opened++;
            return true;
        }

        if (_saidFor != Limit + 1)
        {
            _saidFor = Limit + 1;
            IsBlockedPending = true;
        }

        return false;
    }

    /// <summary>The peer allows more; a lower limit is ignored (RFC 9000 §4.6).</summary>
    public void Raise(long limit)
    {
        if (limit > Limit)
        {
            Untold += limit - Limit;
            Limit = limit;
            IsBlockedPending = false;
        }
    }

    /// <summary>How many more the application is to be told of, once.</summary>
    public long TakeUntold()
    {
        long untold = Untold;
        Untold = 0;
        return untold;
    }

    /// <summary>STREAMS_BLOCKED was sent.</summary>
    public void OnBlockedSent() => IsBlockedPending = false;

    /// <summary>STREAMS_BLOCKED was lost: sent again only while the same limit still blocks (RFC 9000 §13.3).</summary>
    public void OnBlockedLost(long limit) => IsBlockedPending |= limit == Limit && Opened == Limit;
}
