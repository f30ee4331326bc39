using System.Net;
using System.Net.Sockets;

namespace Quicprochat.Transport.Tests;

/// <summary>Stands between one client and a server, as a NAT does: it forwards, watches, and can change the port that the server sees.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly UdpClient _inside = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _tasks = [];
    private readonly IPEndPoint _server;
    private UdpClient _outside;
    private IPEndPoint? _client;

    public Relay(IPEndPoint server)
    {
        _server = new IPEndPoint(IPAddress.Loopback, server.Port);
        _outside = OpenOutside();
        _tasks.Add(ForwardOutAsync());
    }

    public IPEndPoint LocalEndPoint => (IPEndPoint)_inside.Client.LocalEndPoint!;

    /// <summary>Retry packets the server sent.</summary>
    public int Retries { get; private set; }

    /// <summary>The server sees another port from now on.</summary>
    public void Rebind() => _outside = OpenOutside();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_tasks);
        _inside.Dispose();
        _stop.Dispose();
    }

    private UdpClient OpenOutside()
    {
        var outside = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        _tasks.Add(ForwardInAsync(outside));
        return outside;
    }

    private async Task ForwardOutAsync()
    {
        try
        {
            while (true)
            {
                UdpReceiveResult datagram = await _inside.ReceiveAsync(_stop.Token);
                _client = datagram.RemoteEndPoint;
                await _outside.SendAsync(datagram.Buffer, _server, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ForwardInAsync(UdpClient outside)
    {
        using (outside)
        {
            try
            {
                while (true)
                {
                    UdpReceiveResult datagram = await outside.ReceiveAsync(_stop.Token);
                    // A long header of type Retry (RFC 9000 §17.2.5).
                    Retries += datagram.Buffer is [>= 0xf0, 0, 0, 0, 1, ..] ? 1 : 0;
                    if (outside == _outside)
                    {
                        // A NAT that has forgotten a port drops what still comes for it.
                        await _inside.SendAsync(datagram.Buffer, _client!, _stop.Token);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }
}
