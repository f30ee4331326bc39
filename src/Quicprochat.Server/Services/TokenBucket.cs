namespace Quicprochat.Server.Services;

/// <summary>So many at once, and so many a second in the long run. Full at the start.</summary>
internal sealed class TokenBucket
{
    private readonly Lock _lock = new();
    private readonly double _perSecond;
    private readonly double _burst;
    private readonly TimeProvider _clock;
    private double _tokens;
    private long _filled;

    public TokenBucket(double perSecond, double burst, TimeProvider clock)
    {
        (_perSecond, _burst, _clock) = (perSecond, burst, clock);
        _tokens = burst;
        _filled = clock.GetTimestamp();
    }

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
            wait = TimeSpan.FromSeconds((1 - _tokens) / _perSecond);
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
                return _tokens >= _burst;
            }
        }
    }

    private void Fill()
    {
        long now = _clock.GetTimestamp();
        _tokens = Math.Min(_burst, _tokens + (_clock.GetElapsedTime(_filled, now).TotalSeconds * _perSecond));
        _filled = now;
    }
}
