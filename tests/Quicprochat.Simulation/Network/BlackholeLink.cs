namespace Quicprochat.Simulation.Network;

/// <summary>Works for <paramref name="on"/> microseconds, loses everything for <paramref name="off"/>, and so on from when it was attached.</summary>
internal sealed class BlackholeLink(long on, long off) : SimLink
{
    private long _start;

    public override void Handle(SimDatagram datagram)
    {
        if ((World.Now - _start) % (on + off) >= on)
        {
            Drop(datagram, "blackhole");
            return;
        }
        Forward(datagram);
    }

    protected override void OnAttached() => _start = World.Now;
}
