using Quicprochat.Quic;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Attacks;

/// <summary>Class 17: the path's MTU is found by probes alone, and a lost probe costs nothing (RFC 9000 §14.3, RFC 8899).</summary>
public sealed class PathMtuTests
{
    private const int Megabyte = 1 << 20;

    [Theory]
    [InlineData(1_452, 1_452)]
    [InlineData(1_400, 1_360)]
    [InlineData(1_300, 1_240)]
    [InlineData(1_200, 1_200)]
    public void The_size_that_fits_is_found_and_the_transfer_is_not_slower(int mtu, int atLeast) => SimPair.Run(
        1,
        new Scenario { BitsPerSecond = 100_000_000, QueueLength = 1_000 }.With(() => new MtuLink(mtu)),
        pair =>
        {
            pair.Download(10 * SimClock.Second, 4 * Megabyte);
            pair.Drain();

            ConnectionStatistics statistics = pair.Server.Connections[0].Statistics;
            Assert.InRange(statistics.MaxUdpPayloadSize, atLeast, mtu);
            // Probes are the only packets lost, and they have not halved the window.
            Assert.InRange(statistics.PacketsLost, 0, 12);
            Assert.True(statistics.CongestionWindow > 200_000, $"The congestion window is {statistics.CongestionWindow}.");
        });

    [Fact]
    public void A_path_that_takes_less_of_a_sudden_is_survived()
    {
        int mtu = 1_452;
        SimPair.Run(2, new Scenario { ToClient = () => [new FilterLink(d => d.Length <= mtu)] }, pair =>
        {
            pair.World.After(300 * SimClock.Millisecond, () => mtu = 1_250);
            pair.Download(60 * SimClock.Second, 2 * Megabyte);
            pair.Drain();

            Assert.InRange(pair.Server.Connections[0].Statistics.MaxUdpPayloadSize, 1_200, 1_250);
        });
    }
}
