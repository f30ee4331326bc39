namespace Quicprochat.Simulation.Network;

/// <summary>
/// Gilbert's model: a good state that loses nothing and a bad one that loses <paramref name="lossWhenBad"/> of the datagrams; before each, the state changes with the given probabilities.
/// </summary>
internal sealed class BurstLossLink(double goodToBad, double badToGood, double lossWhenBad = 1) : SimLink
{
    private bool _bad;

    public override void Handle(SimDatagram datagram)
    {
        double turn = Random.NextDouble();
        bool lost = Random.Chance(lossWhenBad);
        _bad = _bad ? turn >= badToGood : turn < goodToBad;
        if (_bad && lost)
        {
            Drop(datagram, "lose");
            return;
        }
        Forward(datagram);
    }
}
