using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Network;

namespace Quicprochat.Simulation.World;

public sealed class DeterminismTests
{
    [Fact]
    public void The_same_seed_gives_the_same_trace_byte_for_byte()
    {
        (string first, long count) = Trace(77);
        (string again, _) = Trace(77);
        (string other, _) = Trace(78);

        Assert.True(count > 500, $"Only {count} lines were traced.");
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    /// <summary>A download over a network with every fault, hashed with all its bytes: handshake, keys and dice included.</summary>
    private static (string Hash, long Count) Trace(ulong seed)
    {
        SimLink[] Trouble() =>
        [
            new LossLink(0.05),
            new CorruptLink(0.02),
            new ReorderLink(0.1, 5 * SimClock.Millisecond),
            new DuplicateLink(0.05, 5 * SimClock.Millisecond),
        ];
        // Not by SimPair.Run: QPC_SEED must not make all seeds one.
        var world = new SimWorld(seed);
        var pair = SimPair.In(world, new Scenario { ToServer = Trouble, ToClient = Trouble });
        pair.Download(60 * SimClock.Second, 200_000, 50_000, 3);
        pair.Drain(closeMayBeLost: true);
        return (world.Trace.Hash, world.Trace.Count);
    }
}
