namespace Quicprochat.Simulation.Network;

/// <summary>A cable a test pulls out and puts back.</summary>
internal sealed class SwitchLink : SimLink
{
    public bool IsOn { get; set; } = true;

    public override void Handle(SimDatagram datagram)
    {
        if (!IsOn)
        {
            Drop(datagram, "off");
            return;
        }
        Forward(datagram);
    }
}
