using Quicprochat.Quic;
using Quicprochat.Quic.Tls;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Hosts;

/// <summary>A client and a server with the network of a <see cref="Scenario"/> between them, and an observer who reads everything.</summary>
internal sealed class SimPair
{
    private SimPair(SimWorld world, Scenario scenario)
    {
        World = world;
        Scenario = scenario;
        Observer = new WireObserver(world, KeyLog);
        Client = world.AddHost("client", scenario.ClientAddress, new EndpointOptions { MaxSegments = scenario.MaxSegments });
        Server = world.AddHost("server", scenario.ServerAddress, scenario.ServerEndpoint with { AcceptsConnections = true, MaxSegments = scenario.MaxSegments });
        Server.Accepting = _ => new ServerConnectionOptions { Tls = scenario.ServerTls(SimTls.Server(KeyLog)), Transport = scenario.ServerTransport };
        Server.Serving = scenario.Serving;
        ConnectNetwork();
        Client.Observed += (connection, e) => OnEvent(connection, e, "client");
        Server.Observed += (connection, e) => OnEvent(connection, e, "server");
    }

    public SimWorld World { get; }

    public Scenario Scenario { get; }

    public SimHost Client { get; }

    public SimHost Server { get; }

    public WireObserver Observer { get; }

    public SimKeyLog KeyLog { get; } = new();

    /// <summary>The client's NAT, in scenarios that have one.</summary>
    public RebindNat? Nat { get; private set; }

    /// <summary>Events of both ends by kind, as <c>client Connected</c>.</summary>
    public Dictionary<string, int> Events { get; } = [];

    public static void Run(ulong seed, Scenario scenario, Action<SimPair> body) =>
        SimWorld.Run(seed, world => body(In(world, scenario)));

    /// <summary>A pair in a world that is there already.</summary>
    public static SimPair In(SimWorld world, Scenario scenario) => new(world, scenario);

    /// <summary>The client dials the server.</summary>
    public Connection Connect(ISimApplication application) => Client.Connect(
        Server.Address,
        new ClientConnectionOptions { Tls = Scenario.ClientTls(SimTls.Client(KeyLog)), Transport = Scenario.ClientTransport },
        application);

    /// <summary>One connection that downloads files to its end; fails where that takes longer than <paramref name="limit"/> of virtual time.</summary>
    public Connection Download(long limit, params IReadOnlyList<int> sizes) => Download(limit, new FileClient(sizes));

    /// <summary>One connection under <paramref name="application"/>, to its end.</summary>
    public Connection Download(long limit, FileClient application)
    {
        Connection connection = Connect(application);
        bool closed = World.RunUntil(() => connection.CloseReason is not null, limit);
        Assert.True(closed, $"After {limit / SimClock.Second} s: {application.Finished} files, {application.Received} bytes; {connection.Statistics}");
        Assert.True(application.IsDone, $"Closed after {application.Finished} files: {connection.CloseReason}");
        Assert.Equal(new ConnectionClose(CloseKind.LocalApplication, 0, 0, ""), connection.CloseReason);
        return connection;
    }

    /// <summary>Runs until both endpoints have forgotten every connection, and checks that the server, too, saw the close with code 0 unless <paramref name="closeMayBeLost"/>.</summary>
    public void Drain(bool closeMayBeLost = false)
    {
        Assert.True(World.RunUntil(() => Client.Endpoint.ConnectionCount + Server.Endpoint.ConnectionCount == 0, 120 * SimClock.Second), "Connections stay in the endpoints.");
        foreach (Connection connection in Server.Connections)
        {
            bool idle = closeMayBeLost && connection.CloseReason?.Kind == CloseKind.IdleTimeout;
            Assert.True(idle || connection.CloseReason is { Kind: CloseKind.PeerApplication, Code: 0 }, $"The server's connection ended with {connection.CloseReason}.");
        }
        Assert.Equal(Client.Connections.Count, Events.GetValueOrDefault("client Drained"));
        Assert.Equal(Server.Connections.Count, Events.GetValueOrDefault("server Drained"));
    }

    private void ConnectNetwork()
    {
        SimLink[] up = [.. Scenario.ToServer(), new RateLink(Scenario.BitsPerSecond, Scenario.QueueLength), new DelayLink(Scenario.Delay)];
        SimLink[] down = [.. Scenario.ToClient(), new RateLink(Scenario.BitsPerSecond, Scenario.QueueLength), new DelayLink(Scenario.Delay)];
        if (Scenario.Nat is { } changesAddress)
        {
            Nat = new RebindNat(World, Client, changesAddress);
            up = [Nat.Outbound, .. up];
            down = [.. down, Nat.Inbound];
        }
        World.Network.Uplink(Client, up);
        World.Network.Downlink(Client, down);
    }

    private void OnEvent(Connection connection, ConnectionEvent e, string name)
    {
        string key = $"{name} {e.Kind}";
        Events[key] = Events.GetValueOrDefault(key) + 1;
        if (e.Kind == ConnectionEventKind.Closed)
        {
            Assert.NotNull(connection.CloseReason);
        }
    }
}
