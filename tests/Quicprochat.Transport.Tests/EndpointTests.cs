using System.Net;
using System.Net.Sockets;

namespace Quicprochat.Transport.Tests;

public sealed class EndpointTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_socket_listens_and_dials(bool portable)
    {
        await using QuicEndpoint left = Open(portable);
        await using QuicEndpoint right = Open(portable);
        await using QuicListener leftListener = await left.ListenAsync(ListenerOptions("test"), Loopback.Patience);
        await using QuicListener rightListener = await right.ListenAsync(ListenerOptions("test"), Loopback.Patience);
        foreach ((QuicEndpoint dialler, QuicEndpoint dialled, QuicListener listener) in new[] { (left, right, rightListener), (right, left, leftListener) })
        {
            await using QuicConnection client = await dialler.ConnectAsync(Loopback.ClientOptions(dialled.LocalEndPoint), Loopback.Patience);
            await using QuicConnection server = await listener.AcceptConnectionAsync(Loopback.Patience);
            Assert.Equal(dialler.LocalEndPoint.Port, server.RemoteEndPoint.Port);
            Task echo = StreamTests.EchoAsync(server, streams: 1);
            byte[] sent = StreamTests.Pattern(7, 1_000_000);
            await using QuicStream stream = await client.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, Loopback.Patience);
            Task sending = stream.WriteAsync(sent, completeWrites: true, Loopback.Patience).AsTask();
            Assert.Equal(sent, await StreamTests.ReadToEndAsync(stream));
            await sending;
            await echo;
        }
    }

    [Fact]
    public async Task Listeners_share_an_endpoint_by_protocol()
    {
        await using QuicEndpoint endpoint = Open();
        await using QuicListener one = await endpoint.ListenAsync(ListenerOptions("one"), Loopback.Patience);
        await using QuicListener two = await endpoint.ListenAsync(ListenerOptions("two", "deux"), Loopback.Patience);
        QuicException taken = await Assert.ThrowsAsync<QuicException>(() => endpoint.ListenAsync(ListenerOptions("three", "one"), Loopback.Patience).AsTask());
        Assert.Equal(QuicError.AlpnInUse, taken.QuicError);
        await using QuicConnection client = await QuicConnection.ConnectAsync(
            Loopback.ClientOptions(endpoint.LocalEndPoint, static options => options.ClientAuthenticationOptions.ApplicationProtocols = [new("deux")]), Loopback.Patience);
        await using QuicConnection server = await two.AcceptConnectionAsync(Loopback.Patience);
        Assert.Equal("deux", server.NegotiatedApplicationProtocol.ToString());
    }

    [Fact]
    public async Task An_endpoint_that_moves_takes_its_connections_along()
    {
        await using Loopback net = await Loopback.StartAsync();
        await using QuicEndpoint endpoint = Open();
        await using QuicConnection client = await endpoint.ConnectAsync(Loopback.ClientOptions(net.Listener.LocalEndPoint), Loopback.Patience);
        QuicConnection server = await net.AcceptAsync();
        Task echo = StreamTests.EchoAsync(server, streams: 1);
        await using QuicStream stream = await client.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, Loopback.Patience);
        byte[] message = StreamTests.Pattern(1, 1000);
        byte[] back = new byte[1000];
        var ports = new HashSet<int>();
        for (int move = 0; move < 4; move++)
        {
            await stream.WriteAsync(message, Loopback.Patience);
            await stream.ReadExactlyAsync(back, Loopback.Patience);
            Assert.Equal(message, back);
            ports.Add(endpoint.LocalEndPoint.Port);
            await endpoint.RebindAsync(cancellationToken: Loopback.Patience);
        }
        await stream.WriteAsync(message, completeWrites: true, Loopback.Patience);
        await stream.ReadExactlyAsync(back, Loopback.Patience);
        await echo;
        Assert.Equal(4, ports.Count);
        Assert.Equal(endpoint.LocalEndPoint.Port, server.RemoteEndPoint.Port);
    }

    [Fact]
    public async Task A_NAT_that_forgets_its_port_is_survived_without_anyone_knowing()
    {
        await using Loopback net = await Loopback.StartAsync();
        await using var relay = new Relay(net.Listener.LocalEndPoint);
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync(options => options.RemoteEndPoint = relay.LocalEndPoint);
        Task echo = StreamTests.EchoAsync(server, streams: 1);
        await using QuicStream stream = await client.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, Loopback.Patience);
        byte[] message = StreamTests.Pattern(1, 5000);
        byte[] back = new byte[5000];
        var ports = new HashSet<int>();
        for (int rebinding = 0; rebinding < 3; rebinding++)
        {
            await stream.WriteAsync(message, Loopback.Patience);
            await stream.ReadExactlyAsync(back, Loopback.Patience);
            Assert.Equal(message, back);
            ports.Add(server.RemoteEndPoint.Port);
            relay.Rebind();
        }
        await stream.WriteAsync(message, completeWrites: true, Loopback.Patience);
        await stream.ReadExactlyAsync(back, Loopback.Patience);
        await echo;
        Assert.Equal(3, ports.Count);
        Assert.DoesNotContain(server.RemoteEndPoint.Port, ports);
    }

    [Fact]
    public async Task An_endpoint_that_listens_does_not_move()
    {
        await using QuicEndpoint endpoint = Open();
        await using QuicListener listener = await endpoint.ListenAsync(ListenerOptions("test"), Loopback.Patience);
        await Assert.ThrowsAsync<InvalidOperationException>(() => endpoint.RebindAsync(cancellationToken: Loopback.Patience).AsTask());
    }

    [Fact]
    public async Task Malformed_datagrams_disturb_nobody()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        Task echo = StreamTests.EchoAsync(server, streams: 1);
        byte[] sent = StreamTests.Pattern(9, 2_000_000);
        await using QuicStream stream = await client.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, Loopback.Patience);
        Task sending = stream.WriteAsync(sent, completeWrites: true, Loopback.Patience).AsTask();
        Task<byte[]> receiving = StreamTests.ReadToEndAsync(stream);

        using var attacker = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var random = new Random(20250101);
        foreach (int port in new[] { net.Listener.LocalEndPoint.Port, client.LocalEndPoint.Port })
        {
            var target = new IPEndPoint(IPAddress.Loopback, port);
            for (int i = 0; i < 3000; i++)
            {
                byte[] datagram = new byte[random.Next(0, 1500)];
                random.NextBytes(datagram);
                if (datagram.Length > 6 && (i & 1) == 0)
                {
                    // A long header of version 1, of any type.
                    datagram[0] |= 0xc0;
                    new byte[] { 0, 0, 0, 1, 8 }.CopyTo(datagram, 1);
                }
                await attacker.SendAsync(datagram, target, Loopback.Patience);
            }
        }
        Assert.Equal(sent, await receiving);
        await sending;
        await echo;
        Assert.DoesNotContain(net.Logs.Entries, static entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task A_disposed_endpoint_closes_its_connections_and_frees_its_port()
    {
        QuicEndpoint endpoint = Open();
        QuicListener listener = await endpoint.ListenAsync(ListenerOptions("test"), Loopback.Patience);
        await using QuicConnection client = await QuicConnection.ConnectAsync(Loopback.ClientOptions(endpoint.LocalEndPoint), Loopback.Patience);
        QuicConnection server = await listener.AcceptConnectionAsync(Loopback.Patience);
        IPEndPoint address = endpoint.LocalEndPoint;
        await endpoint.DisposeAsync();
        using (var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp))
        {
            socket.Bind(address);
        }
        QuicException seen = await Assert.ThrowsAsync<QuicException>(() => client.AcceptInboundStreamAsync(Loopback.Patience).AsTask());
        Assert.Equal((QuicError.ConnectionAborted, Loopback.CloseCode), (seen.QuicError, seen.ApplicationErrorCode));
        await Assert.ThrowsAsync<QuicException>(() => server.AcceptInboundStreamAsync(Loopback.Patience).AsTask());
        await Assert.ThrowsAsync<QuicException>(() => server.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, Loopback.Patience).AsTask());
        await server.DisposeAsync();
        await listener.DisposeAsync();
        await endpoint.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => endpoint.ConnectAsync(Loopback.ClientOptions(address), Loopback.Patience).AsTask());
    }

    [Fact]
    public async Task An_address_that_the_socket_cannot_reach_is_refused_at_once()
    {
        await using QuicEndpoint endpoint = QuicEndpoint.Open(new QuicEndpointOptions { LocalEndPoint = new IPEndPoint(IPAddress.Loopback, 0) });
        QuicClientConnectionOptions options = Loopback.ClientOptions(endpoint.LocalEndPoint);
        options.RemoteEndPoint = new IPEndPoint(IPAddress.IPv6Loopback, 1);
        await Assert.ThrowsAsync<QuicException>(() => endpoint.ConnectAsync(options, Loopback.Patience).AsTask());
    }

    private static QuicEndpoint Open(bool portable = false) => QuicEndpoint.Open(new QuicEndpointOptions { DisableBatching = portable, LoggerFactory = new TestLogs() });

    private static QuicListenerOptions ListenerOptions(params string[] protocols) => new()
    {
        ApplicationProtocols = [.. protocols.Select(static name => new System.Net.Security.SslApplicationProtocol(name))],
        HelloCallback = static (_, _, _) => ValueTask.FromResult(Loopback.ServerOptions()),
    };
}
