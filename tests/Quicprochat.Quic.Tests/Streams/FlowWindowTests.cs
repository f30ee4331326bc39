using Quicprochat.Quic.Streams;

namespace Quicprochat.Quic.Tests.Streams;

public sealed class FlowWindowTests
{
    private const long Rtt = 10_000;

    [Fact]
    public void The_peer_may_use_its_limit_and_not_a_byte_more()
    {
        var window = new FlowWindow(1000, 1000);
        Assert.True(window.TryReceive(1000));
        Assert.False(window.TryReceive(1));
        Assert.True(window.TryReceive(0));
        Assert.Equal(1000, window.Received);
    }

    [Fact]
    public void A_new_limit_is_due_when_half_is_taken()
    {
        var window = new FlowWindow(1000, 1000);
        window.TryReceive(1000);
        window.Consume(499, 0, Rtt);
        Assert.False(window.IsDue);
        window.Consume(1, 0, Rtt);
        Assert.True(window.IsDue);
        Assert.Equal(1500, window.Announce());
        Assert.False(window.IsDue);
        Assert.True(window.TryReceive(500));
        Assert.False(window.TryReceive(1));
    }

    [Fact]
    public void A_window_taken_within_two_round_trips_doubles_up_to_its_bound()
    {
        var window = new FlowWindow(1000, 3000);
        Assert.Equal([2000, 3000, 3000], Run(ref window, rounds: 3, interval: Rtt / 2));
    }

    [Fact]
    public void A_slow_reader_keeps_its_window()
    {
        var window = new FlowWindow(1000, 100_000);
        Assert.Equal([1000, 1000, 1000], Run(ref window, rounds: 3, interval: Rtt * 2));
    }

    [Fact]
    public void What_is_dropped_counts_as_taken()
    {
        var window = new FlowWindow(1000, 1000);
        window.TryReceive(700);
        window.Drop(700);
        Assert.True(window.IsDue);
        Assert.Equal(1700, window.Announce());
    }

    [Fact]
    public void The_limit_ends_at_the_largest_offset_there_is()
    {
        var window = new FlowWindow(StreamId.Max - 10, StreamId.Max - 10);
        Assert.True(window.TryReceive(StreamId.Max - 10));
        window.Drop(StreamId.Max - 10);
        Assert.Equal(StreamId.Max, window.Announce());
        Assert.False(window.TryReceive(11));
        Assert.True(window.TryReceive(10));
    }

    [Fact]
    public void However_it_is_used_the_peer_is_never_more_than_the_bound_ahead_of_the_application() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5000], Gen.Int[0, 20_000]).Array[1, 80].Sample(operations =>
        {
            var window = new FlowWindow(4000, 16_000);
            long now = 0;
            foreach ((int kind, int bytes, int time) in operations)
            {
                now += time;
                long before = window.Limit;
                switch (kind)
                {
                    case 0 or 1:
                        Assert.Equal(window.Received + bytes <= window.Limit, window.TryReceive(bytes));
                        break;
                    case 2:
                        window.Consume(Math.Min(bytes, window.Received - window.Consumed), now, Rtt);
                        break;
                    default:
                        window.Announce();
                        break;
                }

                Assert.True(window.Limit >= before && window.Limit - window.Consumed <= 16_000);
                Assert.InRange(window.Size, 4000, 16_000);
            }
        });

    private static long[] Run(ref FlowWindow window, int rounds, long interval)
    {
        long[] sizes = new long[rounds];
        long now = 0;
        window.Consume(0, now, Rtt);
        for (int i = 0; i < rounds; i++)
        {
            long half = window.Size / 2;
            window.TryReceive(half);
            now += interval;
            window.Consume(half, now, Rtt);
            window.Announce();
            sizes[i] = window.Size;
        }

        return sizes;
    }
}
