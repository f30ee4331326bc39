namespace Quicprochat.Simulation.Network;

/// <summary>Loses datagrams at <paramref name="rate"/>, but never more than <paramref name="maxBurst"/> in a row (as the interop runner's drop-rate does).</summary>
internal sealed class LossLink(double rate, int maxBurst = int.MaxValue) : SimLink
{
    private int _burst;

    public override void Handle(SimDatagram datagram)
    {
        if (Random.Chance(rate) && _burst < maxBurst)
        {
            _burst++;
            Drop(datagram, "lose");
            return;
        }
        _burst = 0;
        Forward(datagram);
    }
}
