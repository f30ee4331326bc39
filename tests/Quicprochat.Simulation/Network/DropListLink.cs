namespace Quicprochat.Simulation.Network;

/// <summary>Loses exactly the datagrams whose number in this direction, counted from 1, is listed.</summary>
internal sealed class DropListLink(params int[] numbers) : SimLink
{
    private int _count;

    public override void Handle(SimDatagram datagram)
    {
        if (numbers.Contains(++_count))
        {
            Drop(datagram, "drop-list");
            return;
        }
        Forward(datagram);
    }
}
