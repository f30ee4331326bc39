namespace Quicprochat.Simulation.Network;

/// <summary>Loses datagrams whose UDP payload is longer than <paramref name="maxPayload"/> bytes, and tells nobody.</summary>
internal sealed class MtuLink(int maxPayload) : SimLink
{
    public override void Handle(SimDatagram datagram)
    {
        if (datagram.Length > maxPayload)
        {
            Drop(datagram, "too-long");
            return;
        }
        Forward(datagram);
    }
}
