namespace Quicprochat.Server.Services;

/// <summary>So many at once, and so many a second in the long run. Full at the start.</summary>
internal sealed class TokenBucket(double perSecond, int burst, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private double _tokens = burst;
    private long _filled = clock.GetTimestamp();

    /// <summary>Takes one; when there is none, says how long to wait for it.</summary>
    public bool TryTake(out TimeSpan wait)
    {
        lock (_lock)
        {
            Fill();
            if (_tokens >= 1)
            {
                _tokens--;
                wait = TimeSpan.Zero;
                return true;
            }
            wait = TimeSpan.FromSeconds((1 - _tokens) / perSecond);
            return false;
        }
    }

    /// <summary>Takes many, and goes below zero for the last of them: whoever took so many waits longer.</summary>
    public bool TryTake(long count, out TimeSpan wait)
    {
        if (!TryTake(out wait))
        {
            return false;
        }
        lock (_lock)
        {
            _tokens -= count - 1;
        }
        return true;
    }

    /// <summary>Whether it is as if it had never been used.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
            {
                Fill();
                return _tokens >= burst;
            }
        }
    }

    private void Fill()
    {
        long now = clock.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (clock.GetElapsedTime(_filled, now).TotalSeconds * perSecond));
        _filled = now;
    }
}
