namespace Quicprochat.Simulation.Network;

/// <summary>Delivers datagrams twice at <paramref name="rate"/>, the second up to <paramref name="maxDelay"/> microseconds later.</summary>
internal sealed class DuplicateLink(double rate, long maxDelay) : SimLink
{
    public override void Handle(SimDatagram datagram)
    {
        bool twice = Random.Chance(rate);
        long delay = Random.NextLong(maxDelay + 1);
        if (twice)
        {
            SimDatagram copy = datagram.Copy();
            World.Trace.Add("duplicate", copy);
            ForwardAfter(delay, copy);
        }
        Forward(datagram);
    }
}
