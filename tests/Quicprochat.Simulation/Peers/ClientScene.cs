using System.Net;
using Quicprochat.Quic;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Peers;

/// <summary>Our client dials a <see cref="ScriptedPeer"/> that serves.</summary>
internal sealed class ClientScene
{
    private const long Delay = 10 * SimClock.Millisecond;
    private static readonly Address _clientAddress = Address.From(IPAddress.Parse("192.0.2.1"), 1_001);
    private static readonly Address _peerAddress = Address.From(IPAddress.Parse("198.51.100.66"), 443);

    private ClientScene(SimWorld world, ScriptedPeerOptions peer, TransportOptions transport)
    {
        World = world;
        Observer = new WireObserver(world, KeyLog, expectsForgeries: true);
        Client = world.AddHost("client", _clientAddress);
        Peer = new ScriptedPeer(world, Side.Server, _peerAddress, _clientAddress, peer);
        world.Network.Uplink(Peer, new DelayLink(Delay));
        world.Network.Downlink(Peer, new DelayLink(Delay));
        Connection = Client.Connect(_peerAddress, new ClientConnectionOptions { Tls = SimTls.Client(KeyLog), Transport = transport }, Application);
    }

    public SimWorld World { get; }

    public SimKeyLog KeyLog { get; } = new();

    public WireObserver Observer { get; }

    /// <summary>All packets the observer saw.</summary>
    public IReadOnlyList<WirePacket> Packets => Observer.Packets;

    public SimHost Client { get; }

    public ScriptedPeer Peer { get; }

    public Connection Connection { get; }

    public EchoClient Application { get; } = new();

    public static void Run(Action<ClientScene> body) => Run(new ScriptedPeerOptions(), body);

    public static void Run(ScriptedPeerOptions peer, Action<ClientScene> body) => Run(peer, new TransportOptions(), body);

    public static void Run(ScriptedPeerOptions peer, TransportOptions transport, Action<ClientScene> body) => SimWorld.Run(1, world =>
    {
        var scene = new ClientScene(world, peer, transport);
        body(scene);
        scene.Peer.Dispose();
    });

    /// <summary>Handshake complete and confirmed at the client.</summary>
    public void Establish()
    {
        Assert.True(World.RunUntil(() => Peer.IsComplete, 5 * SimClock.Second), $"No handshake: {Peer.TlsError}, {Connection.CloseReason}.");
        Peer.Send(Forge.HandshakeDone());
        Assert.True(World.RunUntil(() => Connection.IsConfirmed, SimClock.Second), "The client did not take HANDSHAKE_DONE.");
    }

    /// <summary>The client closes with <paramref name="code"/> and says so to the peer.</summary>
    public void ExpectClose(TransportErrorCode code, long? blamed = null)
    {
        Assert.True(World.RunUntil(() => Peer.Close is not null, 2 * SimClock.Second), $"The client did not close: {Connection.CloseReason}.");
        Assert.Equal(WireFrame.TransportClose, Peer.Close!.Type);
        Assert.Equal(code, (TransportErrorCode)Peer.Close.Code);
        if (blamed is not null)
        {
            Assert.Equal(blamed, Peer.Close.Blamed);
        }
        Assert.Equal(CloseKind.LocalTransport, Connection.CloseReason!.Kind);
        Assert.Equal((long)code, Connection.CloseReason.Code);
        Assert.NotEqual("", Connection.CloseReason.Reason);
    }

    /// <summary>The client bears it.</summary>
    public void ExpectAlive(long duration = 500 * SimClock.Millisecond)
    {
        World.RunFor(duration);
        Assert.True(Connection.CloseReason is null, $"The client closed: {Connection.CloseReason}.");
    }
}
