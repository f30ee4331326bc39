namespace Quicprochat.Simulation.Network;

/// <summary>Changes one byte of datagrams at <paramref name="rate"/>, but never of more than <paramref name="maxBurst"/> in a row.</summary>
internal sealed class CorruptLink(double rate, int maxBurst = int.MaxValue) : SimLink
{
    private int _burst;

    public override void Handle(SimDatagram datagram)
    {
        bool hit = Random.Chance(rate);
        double where = Random.NextDouble();
        byte what = (byte)(1 + Random.Next(255));
        if (!hit || _burst >= maxBurst || datagram.Length == 0)
        {
            _burst = 0;
            Forward(datagram);
            return;
        }
        _burst++;
        SimDatagram changed = datagram.Copy();
        changed.Content = "corrupt";
        changed.Payload[(int)(where * changed.Length)] ^= what;
        World.Trace.Add("corrupt", changed);
        Forward(changed);
    }
}
