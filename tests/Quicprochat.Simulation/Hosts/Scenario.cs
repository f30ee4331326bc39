using System.Net;
using Quicprochat.Quic;
using Quicprochat.Quic.Tls;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Hosts;

/// <summary>Two ends and the network between them. By default the interop runner's: 15 ms each way, 10 Mbit/s, a queue of 25 datagrams.</summary>
internal sealed record Scenario
{
    public long Delay { get; init; } = 15 * SimClock.Millisecond;

    public long BitsPerSecond { get; init; } = 10_000_000;

    public int QueueLength { get; init; } = 25;

    /// <summary>Trouble before the bottleneck, from client to server.</summary>
    public Func<IReadOnlyList<SimLink>> ToServer { get; init; } = () => [];

    /// <summary>Trouble before the bottleneck, from server to client.</summary>
    public Func<IReadOnlyList<SimLink>> ToClient { get; init; } = () => [];

    /// <summary>A NAT before the client: true when it changes addresses, false when only ports, null for none.</summary>
    public bool? Nat { get; init; }

    public Address ClientAddress { get; init; } = Address.From(IPAddress.Parse("192.0.2.1"), 50_000);

    public Address ServerAddress { get; init; } = Address.From(IPAddress.Parse("198.51.100.1"), 443);

    public TransportOptions ClientTransport { get; init; } = new();

    public TransportOptions ServerTransport { get; init; } = new();

    public EndpointOptions ServerEndpoint { get; init; } = new();

    /// <summary>Datagrams of one size in one buffer, as with UDP_SEGMENT.</summary>
    public int MaxSegments { get; init; } = 1;

    public Func<TlsClientOptions, TlsClientOptions> ClientTls { get; init; } = options => options;

    public Func<TlsServerOptions, TlsServerOptions> ServerTls { get; init; } = options => options;

    public Func<ISimApplication> Serving { get; init; } = () => new FileServer();

    /// <summary>The same in IPv6.</summary>
    public Scenario OverIPv6() => this with
    {
        ClientAddress = Address.From(IPAddress.Parse("2001:db8:1::1"), ClientAddress.Port),
        ServerAddress = Address.From(IPAddress.Parse("2001:db8:2::1"), ServerAddress.Port),
    };

    /// <summary>Both directions suffer the same.</summary>
    public Scenario With(Func<SimLink> trouble) => this with { ToServer = () => [trouble()], ToClient = () => [trouble()] };
}
