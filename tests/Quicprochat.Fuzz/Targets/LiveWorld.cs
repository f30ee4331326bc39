using System.Net;
using Quicprochat.Quic;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Fuzz.Targets;

/// <summary>A server and a client with a connection between them that no input may disturb.</summary>
internal sealed class LiveWorld
{
    private readonly EchoClient _application = new();
    private readonly Connection _connection;
    private int _echoes;

    public LiveWorld(ulong seed, Action<ISimStation, SimDatagram>? sent = null)
    {
        World = new SimWorld(seed);
        World.Network.Sent += sent;
        Server = World.AddHost("server", Address.From(IPAddress.Parse("198.51.100.1"), 443), new EndpointOptions { AcceptsConnections = true, MaxPendingHandshakes = 4096, Retry = RetryPolicy.Never });
        Server.Accepting = _ => new ServerConnectionOptions { Tls = SimTls.Server(KeyLog), Transport = _patient };
        Server.Serving = () => new EchoServer();
        Client = World.AddHost("client", Address.From(IPAddress.Parse("192.0.2.1"), 1_001));
        _connection = Client.Connect(Server.Address, new ClientConnectionOptions { Tls = SimTls.Client(KeyLog), Transport = _patient }, _application);
        Assert.True(World.RunUntil(() => _connection.IsConfirmed, SimClock.Second));
        World.RunFor(100 * SimClock.Millisecond);
    }

    public SimWorld World { get; }

    public SimHost Server { get; }

    public SimHost Client { get; }

    public SimKeyLog KeyLog { get; } = new();

    private static readonly TransportOptions _patient = new() { IdleTimeout = 300 * SimClock.Second };

    /// <summary>The connection is open at both ends.</summary>
    public void CheckOpen()
    {
        Assert.True(_connection.CloseReason is null, $"The client's connection was disturbed: {_connection.CloseReason}.");
        Assert.True(Server.Connections[0].CloseReason is null, $"The server's connection was disturbed: {Server.Connections[0].CloseReason}.");
    }

    /// <summary>The connection still carries bytes both ways.</summary>
    public void CheckEcho()
    {
        CheckOpen();
        _application.Send(_connection, 2_000);
        _echoes++;
        Assert.True(World.RunUntil(() => _application.Finished == _echoes, 5 * SimClock.Second), "The connection no longer answers.");
    }
}
