using Quicprochat.Quic;
using Quicprochat.Quic.Tls;
using Quicprochat.Simulation.Hosts;

namespace Quicprochat.Simulation.Peers;

/// <summary>What is special about a <see cref="ServerScene"/>.</summary>
internal sealed record ServerSceneOptions
{
    public ulong Seed { get; init; } = 1;

    public ScriptedPeerOptions Peer { get; init; } = new();

    public EndpointOptions Endpoint { get; init; } = new();

    public TransportOptions Transport { get; init; } = new();

    public Func<TlsServerOptions, TlsServerOptions> Tls { get; init; } = tls => tls;

    /// <summary>False where so much is sent that keeping it would disturb a measurement.</summary>
    public bool Observes { get; init; } = true;

    public Func<ISimApplication> Serving { get; init; } = () => new EchoServer();
}
