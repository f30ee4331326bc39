using System.Net;
using Quicprochat.Crypto;

namespace Quicprochat.Quic.Tests.Connections;

/// <summary>
/// Two endpoints and a wire that carries ECN marks as they were sent, and loses nothing but what the server sends to an address the client has left.
/// </summary>
internal sealed class Wire : IDisposable
{
    private const long Latency = 5_000;

    private readonly Endpoint _client;
    private readonly Endpoint _server;
    private readonly Connection _dialled;
    private readonly Pair _names = new();
    private Address _clientAddress;
    private Connection? _accepted;
    private long _now = 1_000_000;

    public Wire(int segments = 1)
    {
        _client = new Endpoint(new EndpointOptions { MaxSegments = segments, Random = new TestRandom(1) });
        _server = new Endpoint(new EndpointOptions { MaxSegments = segments, Random = SystemRandomSource.Instance, AcceptsConnections = true });
        _clientAddress = _names.ClientAddress;
        _dialled = _client.Connect(_now, Pair.ClientOptions, new NetworkPath(default, _names.ServerAddress));
        RunUntil(() => _dialled.IsConfirmed);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    /// <summary>The server's end.</summary>
    public Connection Server => _accepted!;

    /// <summary>Where the client's datagrams come from now.</summary>
    public Address ClientAddress => _clientAddress;

    /// <summary>Marked datagrams of the client in the second half of the last transfer.</summary>
    public int MarkedLate { get; private set; }

    /// <summary>Sizes of the datagrams that reached the client since it moved.</summary>
    public List<int> SizesSinceMove { get; } = [];

    /// <summary>The client gets another port, as behind a NAT.</summary>
    public void MoveClient()
    {
        _clientAddress = Address.From(new IPEndPoint(IPAddress.Loopback, _clientAddress.Port + 1));
        SizesSinceMove.Clear();
    }

    /// <summary>The client says as little as it can, and a second passes.</summary>
    public void Ping()
    {
        _dialled.Ping();
        long end = _now + 1_000_000;
        RunUntil(() => _now >= end);
    }

    /// <summary>The client sends so many bytes on a stream of its own.</summary>
    public void Transfer(int length)
    {
        Assert.True(_dialled.TryOpenStream(StreamType.Unidirectional, out StreamId id));
        byte[] chunk = new byte[65_536];
        int sent = 0;
        int received = 0;
        MarkedLate = 0;
        RunUntil(() =>
        {
            _dialled.Write(id, chunk.AsSpan(0, Math.Min(chunk.Length, length - sent)), finish: false, out int taken);
            sent += taken;
            while (_accepted!.Read(_now, id, chunk, out int count, out _) == StreamReadStatus.Data)
            {
                received += count;
            }
            MarkedLate = received < length / 2 ? 0 : MarkedLate;
            return received == length;
        });
    }

    private void RunUntil(Func<bool> condition)
    {
        for (int i = 0; i < 5_000 && !condition(); i++)
        {
            Carry(_client, _server, fromClient: true);
            Take();
            Carry(_server, _client, fromClient: false);
            _now += Latency;
            _client.HandleTimeout(_now);
            _server.HandleTimeout(_now);
        }
        Assert.True(condition());
    }

    private void Carry(Endpoint from, Endpoint to, bool fromClient)
    {
        byte[] buffer = new byte[65_536];
        while (from.TryTakeTransmit(_now, buffer, out Transmit transmit))
        {
            if (!fromClient && transmit.Path.Remote != _clientAddress)
            {
                continue;
            }
            for (int offset = 0; offset < transmit.Length; offset += transmit.SegmentSize)
            {
                MarkedLate += fromClient && transmit.Ecn == Ecn.Ect0 ? 1 : 0;
                if (!fromClient)
                {
                    SizesSinceMove.Add(Math.Min(transmit.Length - offset, transmit.SegmentSize));
                }
                byte[] bytes = buffer[offset..Math.Min(transmit.Length, offset + transmit.SegmentSize)];
                NetworkPath path = fromClient ? new NetworkPath(_names.ServerAddress, _clientAddress) : new NetworkPath(_clientAddress, _names.ServerAddress);
                to.HandleDatagram(_now, path, transmit.Ecn, bytes);
            }
        }
    }

    private void Take()
    {
        while (_server.TryTakeReady(out Connection? connection))
        {
            while (connection.TryTakeEvent(out ConnectionEvent happened))
            {
                if (happened.Kind == ConnectionEventKind.HelloReceived)
                {
                    _accepted = connection;
                    connection.Accept(_now, _names.AcceptOptions);
                }
            }
        }
        while (_client.TryTakeReady(out Connection? connection))
        {
            while (connection.TryTakeEvent(out _))
            {
            }
        }
    }
}
