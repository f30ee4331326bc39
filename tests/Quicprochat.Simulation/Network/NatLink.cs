using Quicprochat.Quic;

namespace Quicprochat.Simulation.Network;

/// <summary>One direction of a <see cref="RebindNat"/>.</summary>
internal sealed class NatLink(RebindNat nat, bool outbound) : SimLink
{
    public override void Handle(SimDatagram datagram)
    {
        if (outbound)
        {
            datagram.Source = nat.External;
        }
        else if (!nat.Takes(datagram.Destination))
        {
            Drop(datagram, "unbound");
            return;
        }
        else
        {
            datagram.Destination = nat.Internal;
        }
        Forward(datagram);
    }
}
