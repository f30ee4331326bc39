using Quicprochat.Server.Services;

namespace Quicprochat.Server.Tests.Services;

public sealed class LimitTests
{
    [Fact]
    public void A_bucket_gives_a_burst_and_then_so_many_a_second()
    {
        var clock = new StoppedClock();
        var bucket = new TokenBucket(perSecond: 2, burst: 3, clock);
        Assert.True(bucket.IsFull);
        Assert.All(Enumerable.Range(0, 3), _ => Assert.True(bucket.TryTake(1, out TimeSpan _)));
        Assert.False(bucket.TryTake(out TimeSpan wait));
        Assert.Equal(TimeSpan.FromSeconds(0.5), wait);
        clock.Advance(wait);
        Assert.True(bucket.TryTake(out _));
        Assert.False(bucket.TryTake(out _));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.True(bucket.IsFull);
        Assert.All(Enumerable.Range(0, 3), _ => Assert.True(bucket.TryTake(1, out TimeSpan _)));
        Assert.False(bucket.TryTake(out _));
    }

    [Fact]
    public void Whoever_takes_many_waits_longer()
    {
        var clock = new StoppedClock();
        var bucket = new TokenBucket(perSecond: 10, burst: 100, clock);
        Assert.True(bucket.TryTake(150, out _));
        Assert.False(bucket.TryTake(1, out TimeSpan wait));
        Assert.Equal(5.1, wait.TotalSeconds, precision: 6);
    }

    [Fact]
    public void Keys_have_buckets_of_their_own_and_full_ones_are_forgotten()
    {
        var clock = new StoppedClock();
        var limit = new KeyedLimit<string>(perSecond: 1, burst: 1, clock);
        TokenBucket alice = limit.Of("alice");
        Assert.True(alice.TryTake(out _));
        Assert.True(limit.Of("bob").TryTake(out _));
        limit.Forget();
        Assert.Same(alice, limit.Of("alice"));
        clock.Advance(TimeSpan.FromSeconds(1));
        limit.Forget();
        Assert.NotSame(alice, limit.Of("alice"));
    }

    [Theory]
    [InlineData("203.0.113.7:4711", "203.0.113.7")]
    [InlineData("[::ffff:203.0.113.7]:4711", "203.0.113.7")]
    [InlineData("[2001:db8:1:2:3:4:5:6]:4711", "20010DB800010002")]
    [InlineData("[2001:db8:1:2:ffff::1]:4711", "20010DB800010002")]
    [InlineData("127.0.0.1:4711", null)]
    [InlineData("[::1]:4711", null)]
    [InlineData("[::ffff:127.0.0.1]:4711", null)]
    [InlineData("memory", null)]
    public void Addresses_are_counted_by_network(string address, string? network) => Assert.Equal(network, RateLimits.NetworkOf(address));

    private sealed class StoppedClock : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
