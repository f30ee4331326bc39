using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Quicprochat.Samples.LossyRelay;

/// <summary>One socket to all clients, and one to the server for each client; one thread that sends each datagram on when its time has come.</summary>
internal sealed class Relay : IDisposable
{
    private const int MaxDatagram = 65_535;
    private const int SocketBuffer = 4 << 20;
    private const int MaxClients = 256;

    /// <summary>So often the loop looks whether it should stop.</summary>
    private static readonly TimeSpan _idle = TimeSpan.FromMilliseconds(100);

    private readonly RelayOptions _options;
    private readonly Socket _toClients;
    private readonly Dictionary<SocketAddress, Socket> _servers = [];
    private readonly Dictionary<Socket, SocketAddress> _clients = [];
    private readonly PriorityQueue<Delivery, (long Time, long Order)> _due = new();
    private readonly byte[] _buffer = new byte[MaxDatagram];
    private readonly SocketAddress _sender;
    private long _order;

    public Relay(RelayOptions options)
    {
        _options = options;
        ToServer = new RelayDirection(options, 0);
        ToClient = new RelayDirection(options, 1);
        _toClients = Open(options.Listen);
        _sender = new SocketAddress(options.Server.AddressFamily);
    }

    public IPEndPoint LocalEndPoint => (IPEndPoint)_toClients.LocalEndPoint!;

    public RelayDirection ToServer { get; }

    public RelayDirection ToClient { get; }

    public void Run(CancellationToken stop)
    {
        var readable = new List<Socket>();
        while (!stop.IsCancellationRequested)
        {
            readable.Clear();
            readable.Add(_toClients);
            readable.AddRange(_clients.Keys);
            Socket.Select(readable, null, null, Wait());
            foreach (Socket socket in readable)
            {
                Receive(socket);
            }
            SendDue();
        }
    }

    public void Dispose()
    {
        _toClients.Dispose();
        foreach (Socket socket in _clients.Keys)
        {
            socket.Dispose();
        }
    }

    private static Socket Open(IPEndPoint local)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            Blocking = false,
            ReceiveBufferSize = SocketBuffer,
            SendBufferSize = SocketBuffer,
        };
        socket.Bind(local);
        return socket;
    }

    private TimeSpan Wait()
    {
        if (!_due.TryPeek(out _, out (long Time, long) head))
        {
            return _idle;
        }
        TimeSpan wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), head.Time);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < _idle ? wait : _idle;
    }

    private void Receive(Socket socket)
    {
        while (TryReceive(socket, out int length))
        {
            bool fromClient = socket == _toClients;
            Socket? from = socket;
            SocketAddress? to = null;
            if (fromClient && !TryGetServer(_sender, out from))
            {
                continue;
            }
            if (!fromClient)
            {
                to = _clients[socket];
                from = _toClients;
            }
            Span<byte> datagram = _buffer.AsSpan(0, length);
            byte[]? copy = null;
            (fromClient ? ToServer : ToClient).Handle(Stopwatch.GetTimestamp(), datagram, time =>
            {
                copy ??= _buffer.AsSpan(0, length).ToArray();
                _due.Enqueue(new Delivery(from, to, copy), (time, _order++));
            });
        }
    }

    private bool TryReceive(Socket socket, out int length)
    {
        length = 0;
        try
        {
            if (!socket.Poll(TimeSpan.Zero, SelectMode.SelectRead))
            {
                return false;
            }
            length = socket.ReceiveFrom(_buffer, SocketFlags.None, _sender);
            return true;
        }
        catch (SocketException)
        {
            // A port nobody listens on any more answers with ICMP; the clients will find out by themselves.
            return false;
        }
    }

    /// <summary>The socket that stands for one client before the server.</summary>
    private bool TryGetServer(SocketAddress client, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Socket? socket)
    {
        if (_servers.TryGetValue(client, out socket))
        {
            return true;
        }
        if (_servers.Count == MaxClients)
        {
            return false;
        }
        var key = new SocketAddress(client.Family, client.Size);
        client.Buffer.Span[..client.Size].CopyTo(key.Buffer.Span);
        socket = Open(new IPEndPoint(_options.Listen.Address, 0));
        socket.Connect(_options.Server);
        _servers.Add(key, socket);
        _clients.Add(socket, key);
        return true;
    }

    private void SendDue()
    {
        long now = Stopwatch.GetTimestamp();
        while (_due.TryPeek(out _, out (long Time, long) head) && head.Time <= now)
        {
            Delivery delivery = _due.Dequeue();
            try
            {
                if (delivery.To is null)
                {
                    delivery.From.Send(delivery.Datagram);
                }
                else
                {
                    delivery.From.SendTo(delivery.Datagram, SocketFlags.None, delivery.To);
                }
            }
            catch (SocketException)
            {
                // A full socket buffer loses a datagram, as any router does.
            }
        }
    }

    private sealed record Delivery(Socket From, SocketAddress? To, byte[] Datagram);
}
