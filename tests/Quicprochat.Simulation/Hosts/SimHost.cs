using Quicprochat.Quic;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Hosts;

/// <summary>An <see cref="Quic.Endpoint"/> with an address, and applications over its connections: what Transport's loop is in the real world.</summary>
internal sealed class SimHost : ISimStation
{
    /// <summary>Rounds of events and datagrams in one instant, each caused by the one before.</summary>
    private const int MaxRounds = 10_000;

    private readonly SimWorld _world;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly List<Connection> _connections = [];

    public SimHost(SimWorld world, string name, Address address, EndpointOptions options)
    {
        _world = world;
        Name = name;
        Address = address;
        Endpoint = new Endpoint(options);
    }

    public string Name { get; }

    public Address Address { get; private set; }

    public Endpoint Endpoint { get; }

    /// <summary>All connections so far, dialled and taken.</summary>
    public IReadOnlyList<Connection> Connections => _connections;

    public long NextTimeout => Endpoint.NextTimeout;

    /// <summary>Server: decides on a ClientHello. Null refuses.</summary>
    public Func<Connection, ServerConnectionOptions?>? Accepting { get; set; }

    /// <summary>Server: what runs over a connection it takes.</summary>
    public Func<ISimApplication>? Serving { get; set; }

    /// <summary>Every event, before the application sees it.</summary>
    public event Action<Connection, ConnectionEvent>? Observed;

    public long Now => _world.Now;

    public SimWorld World => _world;

    /// <summary>Dials <paramref name="remote"/>.</summary>
    public Connection Connect(Address remote, ClientConnectionOptions options, ISimApplication application)
    {
        Connection connection = Endpoint.Connect(_world.Now, options, new NetworkPath(Address, remote));
        connection.Tag = application;
        _connections.Add(connection);
        return connection;
    }

    /// <summary>The host gets another address of its own, as when a phone leaves the house, and tells its connections.</summary>
    public void MoveTo(Address address)
    {
        _world.Network.Unroute(Address);
        _world.Network.Route(address, this);
        Address = address;
        foreach (Connection connection in _connections.Where(c => c.CloseReason is null))
        {
            connection.HandleLocalAddressChanged(_world.Now, address);
        }
    }

    public void Receive(SimDatagram datagram) =>
        Endpoint.HandleDatagram(_world.Now, new NetworkPath(datagram.Destination, datagram.Source), datagram.Ecn, datagram.Payload);

    public void HandleTimeoutIfDue()
    {
        if (Endpoint.NextTimeout <= _world.Now)
        {
            Endpoint.HandleTimeout(_world.Now);
        }
    }

    /// <summary>Hands events to applications and datagrams to the network until there are no more.</summary>
    public void Pump()
    {
        for (int round = 0; PumpEvents() | PumpTransmits(); round++)
        {
            if (round == MaxRounds)
            {
                throw new InvalidOperationException($"{Name} has events and datagrams without end.");
            }
        }
    }

    private bool PumpEvents()
    {
        bool any = false;
        while (Endpoint.TryTakeReady(out Connection? connection))
        {
            while (connection.TryTakeEvent(out ConnectionEvent connectionEvent))
            {
                any = true;
                Dispatch(connection, connectionEvent);
            }
        }
        return any;
    }

    private void Dispatch(Connection connection, in ConnectionEvent connectionEvent)
    {
        _world.Trace.Add(Name, connectionEvent.Kind is ConnectionEventKind.Closed
            ? $"{connectionEvent.Kind} {connection.CloseReason}"
            : $"{connectionEvent.Kind} stream {connectionEvent.Stream} code {connectionEvent.Code}");
        if (connection.Fault is { } fault)
        {
            throw new InvalidOperationException($"{Name} met a bug of our own: {fault}", fault);
        }
        Observed?.Invoke(connection, connectionEvent);
        if (connectionEvent.Kind == ConnectionEventKind.HelloReceived)
        {
            Answer(connection);
            return;
        }
        (connection.Tag as ISimApplication)?.Handle(this, connection, connectionEvent);
    }

    private void Answer(Connection connection)
    {
        Assert.Null(connection.Tag);
        _connections.Add(connection);
        if (Accepting?.Invoke(connection) is not { } options)
        {
            connection.Refuse(_world.Now, TransportErrorCode.ConnectionRefused, "Nothing is served here.");
            return;
        }
        connection.Tag = Serving!();
        connection.Accept(_world.Now, options);
    }

    private bool PumpTransmits()
    {
        bool any = false;
        while (Endpoint.TryTakeTransmit(_world.Now, _buffer, out Transmit transmit))
        {
            any = true;
            Assert.InRange(transmit.Length, 1, _buffer.Length);
            Assert.InRange(transmit.SegmentSize, 1, transmit.Length);
            for (int offset = 0; offset < transmit.Length; offset += transmit.SegmentSize)
            {
                int length = Math.Min(transmit.SegmentSize, transmit.Length - offset);
                _world.Network.Send(this, transmit.Path, transmit.Ecn, _buffer.AsSpan(offset, length));
            }
        }
        return any;
    }
}
