using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic.Tests.Recovery;

public sealed class PacerTests
{
    private const int Size = 1200;

    [Fact]
    public void Ten_packets_may_go_at_once_and_the_eleventh_waits()
    {
        var pacer = new Pacer();
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(1000, pacer.NextSendTime(1000, 12_000, 100_000, Size));
            pacer.OnSent(Size);
        }

        Assert.True(pacer.NextSendTime(1000, 12_000, 100_000, Size) > 1000);
    }

    [Theory]
    [InlineData(12_000, 100_000)]
    [InlineData(120_000, 50_000)]
    [InlineData(1_200_000, 20_000)]
    [InlineData(6_000_000, 10_000)]
    public void Over_many_round_trips_the_rate_is_a_quarter_above_the_window(long window, long rtt)
    {
        var pacer = new Pacer();
        long now = 0;
        long sent = 0;
        long end = rtt * 40;
        while (now < end)
        {
            long next = pacer.NextSendTime(now, window, rtt, Size);
            if (next == now)
            {
                pacer.OnSent(Size);
                sent += Size;
            }

            Assert.InRange(next, now, now + rtt);
            now = next;
        }

        double rate = (double)sent / 40;
        Assert.InRange(rate / window, 1.2, 1.4);
    }

    [Fact]
    public void Silence_earns_no_more_than_one_burst()
    {
        var pacer = new Pacer();
        pacer.NextSendTime(0, 12_000, 100_000, Size);
        int sent = 0;
        while (pacer.NextSendTime(3_600_000_000, 12_000, 100_000, Size) == 3_600_000_000)
        {
            pacer.OnSent(Size);
            sent++;
        }

        Assert.Equal(10, sent);
    }

    [Fact]
    public void A_clock_that_stands_or_runs_backwards_is_survived()
    {
        var pacer = new Pacer();
        pacer.NextSendTime(1000, 12_000, 0, Size);
        pacer.OnSent(1_000_000);
        Assert.True(pacer.NextSendTime(0, 12_000, 0, Size) > 0);
        Assert.True(pacer.NextSendTime(1000, 2400, long.MaxValue / 4, Size) > 1000);
    }
}
