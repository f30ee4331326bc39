using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic.Tests.Recovery;

public sealed class RttEstimatorTests
{
    [Fact]
    public void Before_a_sample_the_probe_timeout_is_about_a_second()
    {
        var rtt = new RttEstimator(333_000);
        Assert.Equal(333_000, rtt.Smoothed);
        Assert.Equal(166_500, rtt.Variance);
        Assert.Equal(999_000, rtt.ProbeTimeout(0)); // RFC 9002 §6.2.2
        Assert.False(rtt.HasSample);
    }

    [Fact]
    public void The_first_sample_resets_the_estimate()
    {
        var rtt = new RttEstimator(333_000);
        rtt.Update(5_000, 100_000, 50_000, 25_000);
        Assert.Equal((100_000, 50_000, 100_000, 100_000), (rtt.Smoothed, rtt.Variance, rtt.Min, rtt.Latest));
        Assert.Equal(5_000, rtt.FirstSampleTime);
    }

    [Fact]
    public void Later_samples_follow_the_pseudocode()
    {
        // RFC 9002 A.7, by hand: adjusted = 120 - 10 = 110; rttvar = (3*50 + |100-110|)/4 = 40; smoothed = (7*100 + 110)/8 = 101.25.
        var rtt = new RttEstimator(333_000);
        rtt.Update(0, 100_000, 0, 25_000);
        rtt.Update(1, 120_000, 10_000, 25_000);
        Assert.Equal((101_250, 40_000, 100_000), (rtt.Smoothed, rtt.Variance, rtt.Min));
        Assert.Equal(101_250 + 160_000 + 25_000, rtt.ProbeTimeout(25_000));
    }

    [Fact]
    public void A_delay_beyond_the_peers_limit_is_cut_once_there_is_a_limit()
    {
        var rtt = new RttEstimator(333_000);
        rtt.Update(0, 100_000, 0, 25_000);
        rtt.Update(1, 180_000, 60_000, 25_000);
        Assert.Equal(((7 * 100_000) + 155_000) / 8, rtt.Smoothed);

        var before = new RttEstimator(333_000);
        before.Update(0, 100_000, 0, long.MaxValue);
        before.Update(1, 180_000, 60_000, long.MaxValue);
        Assert.Equal(((7 * 100_000) + 120_000) / 8, before.Smoothed);
    }

    [Fact]
    public void A_delay_that_would_undercut_the_minimum_is_not_believed()
    {
        var rtt = new RttEstimator(333_000);
        rtt.Update(0, 100_000, 0, 25_000);
        rtt.Update(1, 110_000, 20_000, 25_000);
        Assert.Equal(((7 * 100_000) + 110_000) / 8, rtt.Smoothed);
    }

    [Fact]
    public void A_smaller_sample_becomes_the_minimum_whatever_its_delay()
    {
        var rtt = new RttEstimator(333_000);
        rtt.Update(0, 100_000, 0, 25_000);
        rtt.Update(1, 60_000, 20_000, 25_000);
        Assert.Equal(60_000, rtt.Min);
        rtt.Update(2, 90_000, 0, 25_000);
        rtt.OnPersistentCongestion();
        Assert.Equal(90_000, rtt.Min);
    }

    [Fact]
    public void The_loss_delay_is_nine_eighths_and_never_below_the_timers_granularity()
    {
        var rtt = new RttEstimator(333_000);
        rtt.Update(0, 80_000, 0, 0);
        Assert.Equal(90_000, rtt.LossDelay);
        rtt.Update(0, 160_000, 0, 0);
        Assert.Equal(180_000, rtt.LossDelay);

        var near = new RttEstimator(333_000);
        near.Update(0, 100, 0, 0);
        Assert.Equal(RttEstimator.Granularity, near.LossDelay);
    }

    [Fact]
    public void No_peer_or_clock_makes_it_overflow() =>
        Gen.Select(Gen.Long, Gen.Long, Gen.Long).Array[1, 30].Sample(samples =>
        {
            var rtt = new RttEstimator(333_000);
            foreach ((long latest, long delay, long limit) in samples)
            {
                rtt.Update(0, latest, delay, limit);
                Assert.True(rtt.Smoothed > 0 && rtt.Variance >= 0 && rtt.Min > 0 && rtt.Min <= rtt.Latest);
                Assert.True(rtt.ProbeTimeout(25_000) >= RttEstimator.Granularity && rtt.LossDelay >= RttEstimator.Granularity);
            }
        });
}
