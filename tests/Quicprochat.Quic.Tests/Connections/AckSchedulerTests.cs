using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic.Tests.Connections;

/// <summary>When an acknowledgement goes out (RFC 9000 §13.2).</summary>
public sealed class AckSchedulerTests
{
    private const long Delay = 25_000;

    [Fact]
    public void Two_packets_are_acknowledged_at_once_and_one_within_the_delay()
    {
        var acks = new AckScheduler(isImmediate: false);
        acks.OnReceived(100, 0, isAckEliciting: true, hasCe: false, Delay);
        Assert.False(acks.IsDue);
        Assert.Equal(100 + Delay, acks.Deadline); // RFC 9000 §13.2.1
        acks.OnReceived(200, 1, isAckEliciting: true, hasCe: false, Delay);
        Assert.True(acks.IsDue); // RFC 9000 §13.2.2
    }

    [Fact]
    public void Handshake_packets_are_acknowledged_at_once()
    {
        var acks = new AckScheduler(isImmediate: true);
        acks.OnReceived(100, 0, isAckEliciting: true, hasCe: false, Delay);
        Assert.True(acks.IsDue); // RFC 9000 §13.2.1
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(1, true)]
    public void A_gap_and_a_mark_of_congestion_are_told_at_once(long number, bool hasCe)
    {
        var acks = new AckScheduler(isImmediate: false);
        acks.OnReceived(0, 0, isAckEliciting: true, hasCe: false, Delay);
        acks.OnSent();
        acks.OnReceived(100, number, isAckEliciting: true, hasCe, Delay);
        Assert.True(acks.IsDue); // RFC 9000 §13.2.1
    }

    [Fact]
    public void Packets_that_ask_for_nothing_never_cause_an_acknowledgement()
    {
        var acks = new AckScheduler(isImmediate: false);
        for (int i = 0; i < 100; i++)
        {
            acks.OnReceived(i, 3 * i, isAckEliciting: false, hasCe: true, Delay);
        }
        Assert.False(acks.IsDue || acks.IsWanted); // RFC 9000 §13.2.1
        Assert.Equal(long.MaxValue, acks.Deadline);
    }

    [Fact]
    public void The_delay_told_counts_from_the_largest_number()
    {
        var acks = new AckScheduler(isImmediate: false);
        acks.OnReceived(100, 7, isAckEliciting: true, hasCe: false, Delay);
        acks.OnReceived(900, 3, isAckEliciting: true, hasCe: false, Delay);
        Assert.Equal(100, acks.LargestReceivedAt); // RFC 9000 §13.2.5
    }
}
