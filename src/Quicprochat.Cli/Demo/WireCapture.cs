using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Quicprochat.Cli.Demo;

/// <summary>
/// Sits between clients and server and keeps a copy of every datagram, in both directions: what somebody on the network would see.
/// </summary>
internal sealed class WireCapture : IAsyncDisposable
{
    private const int DatagramMax = 65_535;

    private readonly Socket _front;
    private readonly IPEndPoint _server;
    private readonly ConcurrentDictionary<IPEndPoint, Socket> _backs = new();
    private readonly ConcurrentQueue<byte[]> _datagrams = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _forwarding;

    private WireCapture(IPEndPoint server)
    {
        _server = server;
        _front = OpenSocket();
        _forwarding = ForwardAsync();
    }

    /// <summary>Where clients dial.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_front.LocalEndPoint!;

    /// <summary>All that went by.</summary>
    public IReadOnlyCollection<byte[]> Datagrams => _datagrams;

    public static WireCapture Start(IPEndPoint server) => new(server);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _forwarding;
        _front.Dispose();
        foreach (Socket back in _backs.Values)
        {
            back.Dispose();
        }
        _ended.Dispose();
    }

    private static Socket OpenSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20, SendBufferSize = 4 << 20 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task ForwardAsync()
    {
        byte[] buffer = new byte[DatagramMax];
        var any = new IPEndPoint(IPAddress.Any, 0);
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await _front.ReceiveFromAsync(buffer, SocketFlags.None, any, _ended.Token);
                var client = (IPEndPoint)received.RemoteEndPoint;
                Socket back = _backs.GetOrAdd(client, OpenBack);
                await PassAsync(back, buffer.AsMemory(0, received.ReceivedBytes), _server);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // An ICMP answer to something that was sent before: the server was killed.
            }
        }
    }

    private Socket OpenBack(IPEndPoint client)
    {
        Socket back = OpenSocket();
        _ = ReturnAsync(back, client);
        return back;
    }

    private async Task ReturnAsync(Socket back, IPEndPoint client)
    {
        byte[] buffer = new byte[DatagramMax];
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await back.ReceiveFromAsync(buffer, SocketFlags.None, _server, _ended.Token);
                await PassAsync(_front, buffer.AsMemory(0, received.ReceivedBytes), client);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // As above.
            }
        }
    }

    private async Task PassAsync(Socket socket, ReadOnlyMemory<byte> datagram, IPEndPoint to)
    {
        _datagrams.Enqueue(datagram.ToArray());
        await socket.SendToAsync(datagram, SocketFlags.None, to, _ended.Token);
    }
}
