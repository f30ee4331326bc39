namespace Quicprochat.Quic.Recovery;

/// <summary>Round-trip time of one path (RFC 9002 §5). All times are microseconds.</summary>
internal sealed class RttEstimator
{
    /// <summary>kGranularity (RFC 9002 §6.1.2): 1 ms.</summary>
    public const long Granularity = 1_000;

    // A sample cannot exceed this: it keeps every sum and product below far from overflow, whatever a clock does.
    private const long MaxSample = 3_600_000_000;

    /// <summary>Starts from an assumed round-trip time (RFC 9002 §6.2.2).</summary>
    public RttEstimator(long initialRtt)
    {
        Smoothed = Math.Clamp(initialRtt, 1, MaxSample);
        Variance = Smoothed / 2;
    }

    /// <summary>smoothed_rtt.</summary>
    public long Smoothed { get; private set; }

    /// <summary>rttvar.</summary>
    public long Variance { get; private set; }

    /// <summary>min_rtt, 0 before the first sample.</summary>
    public long Min { get; private set; }

    /// <summary>latest_rtt, 0 before the first sample.</summary>
    public long Latest { get; private set; }

    /// <summary>When the first sample was taken (first_rtt_sample); only packets sent later can prove persistent congestion.</summary>
    public long FirstSampleTime { get; private set; }

    /// <summary>False until the first sample.</summary>
    public bool HasSample { get; private set; }

    /// <summary>The time a packet must be outstanding behind an acknowledged one to be lost (RFC 9002 §6.1.2).</summary>
    public long LossDelay => Math.Max(Math.Max(Latest, Smoothed) * 9 / 8, Granularity);

    /// <summary>
    /// Takes a sample. <paramref name="ackDelayLimit"/> is the peer's max_ack_delay once the handshake is confirmed,
    /// <see cref="long.MaxValue"/> before (RFC 9002 §5.3).
    /// </summary>
    public void Update(long now, long latest, long ackDelay, long ackDelayLimit)
    {
        Latest = Math.Clamp(latest, 1, MaxSample);
        if (!HasSample)
        {
            HasSample = true;
            FirstSampleTime = now;
            Min = Latest;
            Smoothed = Latest;
            Variance = Latest / 2;
            return;
        }

        Min = Math.Min(Min, Latest);
        long delay = Math.Clamp(Math.Min(ackDelay, ackDelayLimit), 0, MaxSample);

        // A delay that would take the sample below the smallest seen is not believed (RFC 9002 §5.3).
        long adjusted = Latest >= Min + delay ? Latest - delay : Latest;

        // The order of RFC 9002 A.7: the variation is measured against the estimate as it was before this sample.
        Variance = ((3 * Variance) + Math.Abs(Smoothed - adjusted)) / 4;
        Smoothed = ((7 * Smoothed) + adjusted) / 8;
    }

    /// <summary>Persistent congestion makes the newest sample the smallest (RFC 9002 §5.2).</summary>
    public void OnPersistentCongestion() => Min = Latest;

    /// <summary>The PTO period without back-off (RFC 9002 §6.2.1); <paramref name="maxAckDelay"/> is 0 for Initial and Handshake.</summary>
    public long ProbeTimeout(long maxAckDelay) => Smoothed + Math.Max(4 * Variance, Granularity) + maxAckDelay;
}
