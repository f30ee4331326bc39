namespace Quicprochat.Simulation.Network;

/// <summary>Holds datagrams back at <paramref name="rate"/>, for up to <paramref name="maxDelay"/> microseconds, while others pass.</summary>
internal sealed class ReorderLink(double rate, long maxDelay) : SimLink
{
    public override void Handle(SimDatagram datagram)
    {
        bool held = Random.Chance(rate);
        long delay = 1 + Random.NextLong(maxDelay);
        if (held)
        {
            ForwardAfter(delay, datagram);
            return;
        }
        Forward(datagram);
    }
}
