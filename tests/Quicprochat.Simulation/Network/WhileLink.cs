namespace Quicprochat.Simulation.Network;

/// <summary>Passes datagrams through <paramref name="inner"/> only while <paramref name="condition"/> holds.</summary>
internal sealed class WhileLink(Func<bool> condition, SimLink inner) : SimLink
{
    public override void Handle(SimDatagram datagram)
    {
        if (condition())
        {
            inner.Handle(datagram);
            return;
        }
        Forward(datagram);
    }

    protected override void OnAttached() => inner.Attach(World, $"{Label} while", Forward);
}
