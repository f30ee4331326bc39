using Quicprochat.Quic;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Network;

/// <summary>Carries datagrams from a host through its uplink, by destination address, through another host's downlink.</summary>
internal sealed class SimNetwork
{
    private readonly SimWorld _world;
    private readonly Dictionary<Address, ISimStation> _routes = [];
    private readonly Dictionary<ISimStation, Action<SimDatagram>> _uplinks = [];
    private readonly Dictionary<ISimStation, Action<SimDatagram>> _downlinks = [];
    private long _sent;

    public SimNetwork(SimWorld world) => _world = world;

    /// <summary>A host sends; the addresses are those the host sees.</summary>
    public event Action<ISimStation, SimDatagram>? Sent;

    /// <summary>A host receives; the addresses are those the host sees.</summary>
    public event Action<ISimStation, SimDatagram>? Delivered;

    /// <summary>A datagram between two chains: the addresses are those anyone on the way sees.</summary>
    public event Action<SimDatagram>? Routed;

    /// <summary>Links a host without any trouble between.</summary>
    public void Attach(ISimStation host)
    {
        Route(host.Address, host);
        Uplink(host);
        Downlink(host);
    }

    /// <summary>Datagrams to <paramref name="address"/> go down to <paramref name="host"/>.</summary>
    public void Route(Address address, ISimStation host) => _routes[address] = host;

    /// <summary>Datagrams to <paramref name="address"/> go nowhere.</summary>
    public void Unroute(Address address) => _routes.Remove(address);

    /// <summary>What <paramref name="host"/> sends passes <paramref name="links"/> in order.</summary>
    public void Uplink(ISimStation host, params ReadOnlySpan<SimLink> links) =>
        _uplinks[host] = Chain(host.Name + " up", links, RouteDatagram);

    /// <summary>What is sent to <paramref name="host"/> passes <paramref name="links"/> in order.</summary>
    public void Downlink(ISimStation host, params ReadOnlySpan<SimLink> links) =>
        _downlinks[host] = Chain(host.Name + " down", links, datagram => Deliver(host, datagram));

    /// <summary>A host sends one datagram. It has one address: what it would send from another leaves from that one, as through a socket that was bound anew.</summary>
    public void Send(ISimStation host, in NetworkPath path, Ecn ecn, ReadOnlySpan<byte> payload) => Send(host, host.Address, path.Remote, ecn, payload);

    /// <summary>A datagram whose source address is not asked after.</summary>
    public void Send(ISimStation host, Address source, Address destination, Ecn ecn, ReadOnlySpan<byte> payload)
    {
        var datagram = new SimDatagram
        {
            Id = ++_sent,
            Source = source,
            Destination = destination,
            Ecn = ecn,
            Payload = payload.ToArray(),
        };
        Sent?.Invoke(host, datagram);
        _world.Trace.Add("send", datagram);
        _uplinks[host](datagram);
    }

    private Action<SimDatagram> Chain(string label, ReadOnlySpan<SimLink> links, Action<SimDatagram> last)
    {
        Action<SimDatagram> next = last;
        for (int i = links.Length - 1; i >= 0; i--)
        {
            links[i].Attach(_world, $"{label} {i} {links[i].GetType().Name}", next);
            next = links[i].Handle;
        }
        return next;
    }

    private void RouteDatagram(SimDatagram datagram)
    {
        Routed?.Invoke(datagram);
        if (_routes.TryGetValue(datagram.Destination, out ISimStation? host))
        {
            _downlinks[host](datagram);
            return;
        }
        _world.Trace.Add("no-route", datagram);
    }

    private void Deliver(ISimStation host, SimDatagram datagram)
    {
        // The world delivers from its queue only: a host is never entered while it runs.
        _world.At(_world.Now, () =>
        {
            _world.Trace.Add("receive", datagram);
            Delivered?.Invoke(host, datagram);
            host.Receive(datagram);
        });
    }
}
