using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic.Tests.Recovery;

public sealed class NewRenoTests
{
    private const int Size = 1200;

    [Theory]
    [InlineData(1200, 12_000)]
    [InlineData(1472, 14_720)]
    [InlineData(1500, 14_720)]
    [InlineData(9000, 18_000)]
    public void The_initial_window_is_ten_datagrams_within_the_bounds(int size, long window) =>
        Assert.Equal(window, new NewReno(size).Window); // RFC 9002 §7.2

    [Fact]
    public void In_slow_start_the_window_grows_by_what_is_acknowledged()
    {
        var reno = new NewReno(Size);
        Send(reno, 10);
        for (int i = 0; i < 10; i++)
        {
            reno.OnAcked(100, sentTime: 0, Size, isAppLimited: false);
        }

        Assert.Equal(24_000, reno.Window);
        Assert.Equal(0, reno.BytesInFlight);
        Assert.Equal(long.MaxValue, reno.SlowStartThreshold);
    }

    [Fact]
    public void An_unused_window_does_not_grow()
    {
        var reno = new NewReno(Size);
        Send(reno, 1);
        reno.OnAcked(100, 0, Size, isAppLimited: true);
        Assert.Equal(12_000, reno.Window);
        Assert.Equal(0, reno.BytesInFlight);
    }

    [Fact]
    public void A_loss_halves_the_window_once_for_each_round_trip()
    {
        var reno = new NewReno(Size);
        Send(reno, 10);
        reno.OnDiscarded(Size);
        reno.OnCongestion(now: 1000, largestLostSentTime: 10);
        Assert.Equal((6_000, 6_000), (reno.Window, reno.SlowStartThreshold));

        // Sent before the recovery period began: neither a loss nor an acknowledgement of it changes the window.
        reno.OnCongestion(1100, largestLostSentTime: 1000);
        reno.OnAcked(1100, sentTime: 1000, Size, isAppLimited: false);
        Assert.Equal(6_000, reno.Window);

        // Sent after: the period is over (RFC 9002 §7.3.2).
        reno.OnCongestion(2000, largestLostSentTime: 1001);
        Assert.Equal(3_000, reno.Window);
        reno.OnCongestion(3000, largestLostSentTime: 2001);
        reno.OnCongestion(4000, largestLostSentTime: 3001);
        Assert.Equal(2 * Size, reno.Window);
    }

    [Fact]
    public void In_congestion_avoidance_a_window_acknowledged_adds_one_datagram()
    {
        var reno = new NewReno(Size);
        reno.OnCongestion(1000, 10);
        long window = reno.Window;
        int packets = (int)(window / Size);
        for (int round = 1; round <= 3; round++)
        {
            long acked = 0;
            long target = reno.Window;
            while (acked < target)
            {
                Send(reno, 1);
                reno.OnAcked(2000, sentTime: 1500, Size, isAppLimited: false);
                acked += Size;
            }

            Assert.InRange(reno.Window - window, (round * Size) - Size, round * Size);
        }

        Assert.True(packets > 0 && reno.Window >= window + (2 * Size));
    }

    [Fact]
    public void Persistent_congestion_leaves_two_datagrams_and_slow_start()
    {
        var reno = new NewReno(Size);
        reno.OnCongestion(1000, 10);
        reno.OnPersistentCongestion();
        Assert.Equal(2 * Size, reno.Window);
        Assert.True(reno.Window < reno.SlowStartThreshold);
        Send(reno, 1);
        reno.OnAcked(1200, sentTime: 500, Size, isAppLimited: false); // no recovery period any more (RFC 9002 B.8)
        Assert.Equal(3 * Size, reno.Window);
    }

    [Fact]
    public void A_larger_datagram_recomputes_only_an_untouched_window()
    {
        var reno = new NewReno(Size);
        reno.OnMtuChanged(1452);
        Assert.Equal(14_520, reno.Window);
        reno.OnCongestion(1000, 10);
        reno.OnMtuChanged(1472);
        Assert.Equal(7_260, reno.Window);
    }

    private static void Send(NewReno reno, int packets)
    {
        for (int i = 0; i < packets; i++)
        {
            reno.OnPacketSent(Size);
        }
    }
}
