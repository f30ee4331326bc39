namespace Quicprochat.Quic.Recovery;

/// <summary>
/// Spreads packets over the round trip (RFC 9002 §7.7): a bucket of bytes that fills at 1.25 windows for each round trip.
/// It is deep enough for a burst of ten packets, and for two milliseconds of the rate, because timers are no finer than that.
/// </summary>
internal sealed class Pacer
{
    private const int MinBurstPackets = 10;
    private const int MaxBurstPackets = 512;
    private const double BurstTime = 2_000;
    private const double Gain = 1.25;

    private double _tokens;
    private double _capacity;
    private long _updated;
    private bool _isStarted;

    /// <summary>A packet in flight was sent.</summary>
    public void OnSent(int bytes) => _tokens = Math.Max(_tokens - bytes, -_capacity);

    /// <summary>When the next packet of a full datagram may go: <paramref name="now"/>, or a later time.</summary>
    public long NextSendTime(long now, long window, long smoothedRtt, int maxDatagramSize)
    {
        double rate = Gain * window / Math.Max(smoothedRtt, 1);
        Refill(now, rate, maxDatagramSize);
        if (_tokens >= maxDatagramSize)
        {
            return now;
        }

        // Half a bucket is waited for, so that one wake-up sends a batch and not a packet.
        double wait = Math.Ceiling((Math.Max(maxDatagramSize, _capacity / 2) - _tokens) / rate);
        return now + Math.Max(1, (long)Math.Min(wait, Math.Max(smoothedRtt, 1)));
    }

    /// <summary>A new path: the bucket is full again.</summary>
    public void Reset() => _isStarted = false;

    private void Refill(long now, double rate, int maxDatagramSize)
    {
        double packet = maxDatagramSize;
        _capacity = Math.Clamp(rate * BurstTime, MinBurstPackets * packet, MaxBurstPackets * packet);
        if (!_isStarted)
        {
            _isStarted = true;
            _tokens = _capacity;
        }
        else if (now > _updated)
        {
            _tokens = Math.Min(_capacity, _tokens + (rate * (now - _updated)));
        }

        _updated = now;
    }
}
