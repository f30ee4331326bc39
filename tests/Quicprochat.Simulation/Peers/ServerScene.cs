using System.Net;
using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Peers;

/// <summary>
/// Our server, a <see cref="ScriptedPeer"/> that dials it, and a bystander: another client whose connection must not feel anything.
/// </summary>
internal sealed class ServerScene
{
    private const long Delay = 10 * SimClock.Millisecond;
    private static readonly Address _serverAddress = Address.From(IPAddress.Parse("198.51.100.1"), 443);
    private static readonly Address _peerAddress = Address.From(IPAddress.Parse("192.0.2.66"), 6_666);
    private static readonly Address _bystanderAddress = Address.From(IPAddress.Parse("192.0.2.1"), 1_001);

    private static readonly TransportOptions _bystanderTransport = new() { KeepAliveInterval = 10 * SimClock.Second };

    private readonly EchoClient _bystanderApplication = new();
    private readonly SimHost _bystanderHost;
    private readonly Connection _bystander;

    private ServerScene(SimWorld world, ServerSceneOptions options)
    {
        World = world;
        Observer = options.Observes ? new WireObserver(world, KeyLog, expectsForgeries: true) : null;
        Server = world.AddHost("server", _serverAddress, options.Endpoint with { AcceptsConnections = true });
        Server.Accepting = _ => new ServerConnectionOptions { Tls = options.Tls(SimTls.Server(KeyLog)), Transport = options.Transport };
        Server.Serving = () => Server.Connections.Count == 1 ? new EchoServer() : options.Serving();
        world.Network.Uplink(Server, new DelayLink(Delay));
        _bystanderHost = world.AddHost("bystander", _bystanderAddress);
        _bystander = _bystanderHost.Connect(_serverAddress, new ClientConnectionOptions { Tls = SimTls.Client(KeyLog), Transport = _bystanderTransport }, _bystanderApplication);
        Assert.True(world.RunUntil(() => _bystanderApplication.IsConnected && Server.Connections[0].IsConfirmed, 5 * SimClock.Second), "The bystander did not connect.");
        Peer = new ScriptedPeer(world, Side.Client, _peerAddress, _serverAddress, options.Peer);
        world.Network.Uplink(Peer, new DelayLink(Delay));
    }

    public SimWorld World { get; }

    public SimKeyLog KeyLog { get; } = new();

    /// <summary>Null where the scene asks for none.</summary>
    public WireObserver? Observer { get; }

    /// <summary>All packets the observer saw.</summary>
    public IReadOnlyList<WirePacket> Packets => Observer!.Packets;

    public SimHost Server { get; }

    public ScriptedPeer Peer { get; }

    /// <summary>The server's side of the scripted peer's connection.</summary>
    public Connection Connection => Server.Connections[1];

    /// <summary>Runs <paramref name="body"/> and then checks that the bystander is as well as before.</summary>
    public static void Run(ServerSceneOptions options, Action<ServerScene> body) => SimWorld.Run(options.Seed, world =>
    {
        var scene = new ServerScene(world, options);
        body(scene);
        scene.CheckBystander();
        scene.Peer.Dispose();
    });

    /// <summary>The peer completes its handshake, the server confirms it, and all acknowledgements have come.</summary>
    public void Establish()
    {
        Peer.Start();
        Assert.True(World.RunUntil(() => Peer.ReceivedFrames.Any(f => f.Type == WireFrame.HandshakeDone), 5 * SimClock.Second), $"No handshake: {Peer.TlsError}, {Peer.Close}.");
        World.RunFor(100 * SimClock.Millisecond);
        Assert.Null(Connection.CloseReason);
    }

    /// <summary>The server closes with <paramref name="code"/>, blames <paramref name="blamed"/> where that is given, and says why.</summary>
    public void ExpectClose(TransportErrorCode code, long? blamed = null)
    {
        Assert.True(World.RunUntil(() => Peer.Close is not null, 2 * SimClock.Second), "The server did not close.");
        WireFrame close = Peer.Close!;
        Assert.Equal(WireFrame.TransportClose, close.Type);
        Assert.Equal(code, (TransportErrorCode)close.Code);
        if (blamed is not null)
        {
            Assert.Equal(Kind(blamed.Value), Kind(close.Blamed));
        }
        Assert.NotEqual(0, close.Data.Length);
        if (Server.Connections.Count > 1)
        {
            Assert.Equal(CloseKind.LocalTransport, Connection.CloseReason!.Kind);
            Assert.Equal((long)code, Connection.CloseReason.Code);
        }
    }

    /// <summary>The server bears it: after <paramref name="duration"/> the connection is open, and still answers a PING.</summary>
    public void ExpectAlive(long duration = 500 * SimClock.Millisecond)
    {
        World.RunFor(duration);
        Assert.True(Peer.Close is null && Connection.CloseReason is null, $"The server closed: {Connection.CloseReason}.");
        long ping = Peer.Space(EncryptionLevel.Application).NextPacketNumber;
        Peer.Send(Forge.Ping());
        Assert.True(World.RunUntil(() => Peer.ReceivedFrames.Any(f => f.IsAck && f.Acknowledges(ping)), SimClock.Second), "The server no longer answers.");
    }

    /// <summary>The eight types of STREAM are one kind.</summary>
    private static long Kind(long type) => type is >= WireFrame.Stream and <= WireFrame.StreamLast ? WireFrame.Stream : type;

    private void CheckBystander()
    {
        _bystanderApplication.Send(_bystander, 100_000);
        Assert.True(World.RunUntil(() => _bystanderApplication.Finished == 1, 20 * SimClock.Second), $"The bystander gets no answer: {_bystander.CloseReason}.");
        _bystander.Close(World.Now, 0, "");
        World.RunFor(SimClock.Second);
        Assert.Equal(CloseKind.PeerApplication, Server.Connections[0].CloseReason?.Kind);
    }
}
