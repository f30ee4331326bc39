namespace Quicprochat.Quic.Recovery;

/// <summary>How many bytes one path may have in flight (RFC 9002 §7). One controller belongs to one path.</summary>
internal interface ICongestionController
{
    /// <summary>congestion_window in bytes.</summary>
    long Window { get; }

    /// <summary>ssthresh in bytes, <see cref="long.MaxValue"/> while unknown.</summary>
    long SlowStartThreshold { get; }

    /// <summary>bytes_in_flight.</summary>
    long BytesInFlight { get; }

    /// <summary>A packet that counts as in flight was sent.</summary>
    void OnPacketSent(int bytes);

    /// <summary>A packet in flight was acknowledged. The window does not grow while the sender leaves it unused (RFC 9002 §7.8).</summary>
    void OnAcked(long now, long sentTime, int bytes, bool isAppLimited);

    /// <summary>Packets in flight left it without an acknowledgement: lost, or their keys were discarded. Says nothing of congestion.</summary>
    void OnDiscarded(long bytes);

    /// <summary>A loss or an ECN-CE mark: <paramref name="largestLostSentTime"/> is when the newest packet concerned was sent.</summary>
    void OnCongestion(long now, long largestLostSentTime);

    /// <summary>Everything sent over a long time was lost (RFC 9002 §7.6).</summary>
    void OnPersistentCongestion();

    /// <summary>The largest UDP payload of the path changed.</summary>
    void OnMtuChanged(int maxDatagramSize);
}
