using Quicprochat.Quic;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.Wire;

namespace Quicprochat.Simulation.Interop;

/// <summary>
/// Watches a server: until it has opened a Handshake packet or a PATH_RESPONSE from an address, it sends there at most three times what it received from there (RFC 9000 §8.1, §9.3.1).
/// Fails at the datagram that breaks the rule.
/// </summary>
internal sealed class AmplificationMeter
{
    private const int Factor = 3;

    private readonly Dictionary<Address, long> _received = [];
    private readonly Dictionary<Address, long> _sent = [];
    private readonly HashSet<Address> _validated = [];

    public AmplificationMeter(SimPair pair)
    {
        pair.World.Network.Delivered += (station, datagram) =>
        {
            if (station == pair.Server)
            {
                OnReceived(pair.Observer, datagram);
            }
        };
        pair.World.Network.Sent += (station, datagram) =>
        {
            if (station == pair.Server)
            {
                OnSent(datagram);
            }
        };
    }

    /// <summary>The closest the server came to the limit, 3 being allowed.</summary>
    public double HighestRatio { get; private set; }

    private void OnReceived(WireObserver observer, SimDatagram datagram)
    {
        _received[datagram.Source] = _received.GetValueOrDefault(datagram.Source) + datagram.Length;
        if (observer.PacketsOf(datagram).Any(p => p.Kind is WirePacketKind.Handshake || p.Has(WireFrame.PathResponse)))
        {
            _validated.Add(datagram.Source);
        }
    }

    private void OnSent(SimDatagram datagram)
    {
        if (_validated.Contains(datagram.Destination))
        {
            return;
        }
        long received = _received.GetValueOrDefault(datagram.Destination);
        long sent = _sent[datagram.Destination] = _sent.GetValueOrDefault(datagram.Destination) + datagram.Length;
        HighestRatio = Math.Max(HighestRatio, sent / (double)received);
        Assert.True(sent <= Factor * received, $"The server sent {sent} bytes to {datagram.Destination}, which sent it {received}.");
    }
}
