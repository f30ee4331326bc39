using System.Net;
using Quicprochat.Quic;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Network;

/// <summary>
/// A NAT before one host that gives it another port, or another address, from time to time. What is sent to the old binding is lost after <see cref="Grace"/>:
/// without it a host that only listens would never speak from the new one.
/// </summary>
internal sealed class RebindNat
{
    private const long Grace = 100 * SimClock.Millisecond;

    private readonly SimWorld _world;
    private readonly ISimStation _host;
    private readonly bool _changesAddress;
    private readonly List<Address> _bindings = [];
    private long _bound;

    public RebindNat(SimWorld world, ISimStation host, bool changesAddress)
    {
        _world = world;
        _host = host;
        _changesAddress = changesAddress;
        Internal = host.Address;
        Outbound = new NatLink(this, outbound: true);
        Inbound = new NatLink(this, outbound: false);
        Bind();
    }

    public Address Internal { get; }

    /// <summary>What the rest of the network sees now.</summary>
    public Address External => _bindings[^1];

    /// <summary>All bindings so far, the first one included.</summary>
    public IReadOnlyList<Address> Bindings => _bindings;

    /// <summary>Belongs in the host's uplink.</summary>
    public SimLink Outbound { get; }

    /// <summary>Belongs in the host's downlink.</summary>
    public SimLink Inbound { get; }

    /// <summary>True for the binding of now, and for a little longer for the one before.</summary>
    public bool Takes(Address destination) =>
        destination == External || (_bindings.Count > 1 && destination == _bindings[^2] && _world.Now - _bound < Grace);

    /// <summary>A new binding now.</summary>
    public void Rebind()
    {
        Bind();
        _world.Trace.Add("nat", $"rebinds {Internal} to {External}");
    }

    /// <summary>A new binding after <paramref name="first"/> microseconds and then every <paramref name="period"/>.</summary>
    public void RebindEvery(long first, long period) => _world.After(first, () =>
    {
        Rebind();
        RebindEvery(period, period);
    });

    private void Bind()
    {
        int count = _bindings.Count + 1;
        _bound = _world.Now;
        byte[] address = Internal.IsIPv4 ? [203, 0, 113, 1] : IPAddress.Parse("2001:db8:113::1").GetAddressBytes();
        if (_changesAddress)
        {
            address[^1] = (byte)count;
        }
        _bindings.Add(Address.FromBytes(address, (ushort)(_changesAddress ? 30_000 : 30_000 + count)));
        _world.Network.Route(External, _host);
    }
}
