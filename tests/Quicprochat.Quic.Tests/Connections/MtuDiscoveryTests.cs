using Quicprochat.Quic.Paths;

namespace Quicprochat.Quic.Tests.Connections;

/// <summary>The search for larger datagrams (RFC 9000 §14.3, RFC 8899).</summary>
public sealed class MtuDiscoveryTests
{
    [Fact]
    public void Before_the_handshake_is_confirmed_datagrams_have_1200_bytes_and_nothing_is_probed()
    {
        var mtu = new MtuDiscovery(1452);
        Assert.Equal(1200, mtu.Current);
        Assert.False(mtu.TryGetProbe(1_000_000, out _));
    }

    [Theory]
    [InlineData(1200)]
    [InlineData(1280)]
    [InlineData(1406)]
    [InlineData(1452)]
    [InlineData(9000)]
    public void The_largest_size_the_path_carries_is_found_within_the_precision(int path)
    {
        var mtu = new MtuDiscovery(9000);
        mtu.Start(0);
        int probes = 0;
        for (; mtu.TryGetProbe(0, out int size) && probes < 100; probes++)
        {
            Assert.InRange(size, 1201, 9000);
            mtu.OnProbeSent();
            Assert.False(mtu.TryGetProbe(0, out _)); // One at a time.
            if (size <= path)
            {
                mtu.OnProbeAcked(size, 0);
            }
            else
            {
                mtu.OnProbeLost(size, 0);
            }
        }
        Assert.InRange(mtu.Current, Math.Max(1200, path - 16), path);
        Assert.InRange(probes, 1, 60);
    }

    [Fact]
    public void One_lost_probe_proves_nothing()
    {
        var mtu = new MtuDiscovery(1452);
        mtu.Start(0);
        Assert.True(mtu.TryGetProbe(0, out int size));
        mtu.OnProbeSent();
        mtu.OnProbeLost(size, 0);
        Assert.True(mtu.TryGetProbe(0, out int again));
        Assert.Equal(size, again);
    }

    [Fact]
    public void The_peers_limit_and_the_hosts_are_kept()
    {
        var mtu = new MtuDiscovery(9000);
        mtu.LimitTo(1300);
        mtu.Start(0);
        Assert.True(mtu.TryGetProbe(0, out int size));
        Assert.InRange(size, 1201, 1300); // RFC 9000 §18.2
        mtu.LimitTo(0);
        Assert.Equal(1200, mtu.Current);
    }

    [Fact]
    public void A_black_hole_leads_back_to_what_every_path_carries_and_the_search_rests()
    {
        var mtu = new MtuDiscovery(1452);
        mtu.Start(0);
        Assert.True(mtu.TryGetProbe(0, out int size));
        mtu.OnProbeSent();
        mtu.OnProbeAcked(size, 0);
        Assert.Equal(1452, mtu.Current);
        mtu.OnBlackHole(5);
        Assert.Equal(1200, mtu.Current); // RFC 8899 §4.3
        Assert.False(mtu.TryGetProbe(5, out _));
        Assert.True(mtu.TryGetProbe(600_000_000, out _));
    }
}
