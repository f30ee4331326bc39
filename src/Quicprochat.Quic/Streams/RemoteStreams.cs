namespace Quicprochat.Quic.Streams;

/// <summary>
/// The streams of one type that the peer opens. A number below <see cref="Opened"/> that the table does not know is a stream that is
/// closed and forgotten: that is all the memory closed streams take.
/// </summary>
internal struct RemoteStreams
{
    private readonly long _max;
    private long _closed;

    /// <summary>Allows <paramref name="max"/> at once.</summary>
    public RemoteStreams(long max)
    {
        _max = Math.Max(max, 0);
        Limit = _max;
    }

    /// <summary>How many the peer opened, those opened by the use of a higher number included.</summary>
    public long Opened { get; private set; }

    /// <summary>How many of these the application was told of.</summary>
    public long Told { get; private set; }

    /// <summary>The largest limit announced.</summary>
    public long Limit { get; private set; }

    /// <summary>What the limit would be if it were announced now.</summary>
    public readonly long NextLimit => Math.Max(Limit, _closed + _max);

    /// <summary>True when MAX_STREAMS is to be sent.</summary>
    public bool IsLimitPending { get; private set; }

    /// <summary>True when the next stream is to be opened.</summary>
    public bool TryOpenUpTo(long index, out long opened)
    {
        opened = Opened;
        if (index < Opened)
        {
            return false;
        }

        Opened++;
        return true;
    }

    /// <summary>True when the application is to be told of the next one.</summary>
    public bool TryTell(out long index)
    {
        index = Told;
        if (Told == Opened)
        {
            return false;
        }

        Told++;
        return true;
    }

    /// <summary>A stream reached its final states and was released: only now may another be opened in its place.</summary>
    public void OnClosed()
    {
        _closed++;

        // A peer with more than half of its streams still to open does not need to hear of each.
        long free = Limit - Opened;
        IsLimitPending |= free <= _max / 2 || _closed + _max - Limit >= (_max / 4) + 1;
    }

    /// <summary>The limit to announce in MAX_STREAMS.</summary>
    public long AnnounceLimit()
    {
        IsLimitPending = false;
        return Limit = NextLimit;
    }

    /// <summary>MAX_STREAMS was lost: only the newest limit is worth sending again (RFC 9000 §13.3).</summary>
    public void OnLimitLost(long limit) => IsLimitPending |= limit == Limit;
}
