namespace Quicprochat.Simulation.Network;

/// <summary>Every datagram takes <paramref name="delay"/> and up to <paramref name="jitter"/> microseconds more. Their order is kept, as a queue keeps it.</summary>
internal sealed class DelayLink(long delay, long jitter = 0) : SimLink
{
    private long _lastArrival;

    public override void Handle(SimDatagram datagram)
    {
        long arrival = World.Now + delay + Random.NextLong(jitter + 1);
        _lastArrival = Math.Max(_lastArrival, arrival);
        ForwardAfter(_lastArrival - World.Now, datagram);
    }
}
