using Quicprochat.Quic;

namespace Quicprochat.Simulation.Network;

/// <summary>Sets the mark of ECN-capable datagrams to <paramref name="mark"/> at <paramref name="rate"/>: CE as a router under load does, NotEct as a broken one.</summary>
internal sealed class EcnMarkLink(double rate, Ecn mark = Ecn.Ce) : SimLink
{
    public override void Handle(SimDatagram datagram)
    {
        bool hit = Random.Chance(rate);
        if (hit && datagram.Ecn != Ecn.NotEct)
        {
            datagram.Ecn = mark;
        }
        Forward(datagram);
    }
}
