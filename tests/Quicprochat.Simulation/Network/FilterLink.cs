namespace Quicprochat.Simulation.Network;

/// <summary>Lets through what <paramref name="keep"/> says.</summary>
internal sealed class FilterLink(Func<SimDatagram, bool> keep) : SimLink
{
    public override void Handle(SimDatagram datagram)
    {
        if (keep(datagram))
        {
            Forward(datagram);
            return;
        }
        Drop(datagram, "filter");
    }
}
