using Quicprochat.Quic;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Network;

/// <summary>
/// A bottleneck: <paramref name="bitsPerSecond"/>, and a queue of <paramref name="queueLength"/> datagrams whose tail drops.
/// With <paramref name="markAt"/>, ECN-capable datagrams that find so many before them are marked CE.
/// </summary>
internal sealed class RateLink(long bitsPerSecond, int queueLength, int markAt = int.MaxValue) : SimLink
{
    /// <summary>IPv4 and UDP headers: they take time on the wire too.</summary>
    private const int HeaderBytes = 28;

    private readonly Queue<long> _departures = new();
    private long _free;

    public override void Handle(SimDatagram datagram)
    {
        while (_departures.TryPeek(out long departure) && departure <= World.Now)
        {
            _departures.Dequeue();
        }
        if (_departures.Count > queueLength)
        {
            Drop(datagram, "drop-tail");
            return;
        }
        if (_departures.Count >= markAt && datagram.Ecn is Ecn.Ect0 or Ecn.Ect1)
        {
            datagram.Ecn = Ecn.Ce;
        }
        long duration = (datagram.Length + HeaderBytes) * 8L * SimClock.Second / bitsPerSecond;
        _free = Math.Max(_free, World.Now) + duration;
        _departures.Enqueue(_free);
        ForwardAfter(_free - World.Now, datagram);
    }
}
