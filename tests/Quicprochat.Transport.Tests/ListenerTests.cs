using System.Net;
using System.Net.Sockets;
using Quicprochat.Quic;

namespace Quicprochat.Transport.Tests;

public sealed class ListenerTests
{
    [Fact]
    public async Task The_hello_callback_sees_names_and_protocols_and_may_take_its_time()
    {
        var seen = new TaskCompletionSource<ClientHelloInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource<QuicServerConnectionOptions>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Loopback net = await Loopback.StartAsync(options => options.HelloCallback = (_, hello, _) =>
        {
            seen.TrySetResult(hello);
            return new ValueTask<QuicServerConnectionOptions>(answer.Task);
        });
        Task<QuicConnection> dial = net.DialAsync(static options => options.ClientAuthenticationOptions.ApplicationProtocols = [new("first"), Loopback.Protocol]);
        ClientHelloInfo hello = await seen.Task.WaitAsync(Loopback.Patience);
        Assert.Equal("localhost", hello.ServerName);
        Assert.Equal(["first", "test"], hello.ApplicationProtocols);
        Assert.False(dial.IsCompleted);
        answer.SetResult(Loopback.ServerOptions());
        await dial;
        await net.AcceptAsync();
    }

    [Fact]
    public async Task The_callback_of_System_Net_Quics_shape_works_too()
    {
        string? seen = null;
        await using Loopback net = await Loopback.StartAsync(options => options.ConnectionOptionsCallback = (connection, hello, _) =>
        {
            seen = $"{hello.ServerName} {connection.RemoteEndPoint.Address.MapToIPv4()}";
            return ValueTask.FromResult(Loopback.ServerOptions());
        });
        await net.ConnectAsync();
        Assert.Equal("localhost 127.0.0.1", seen);
    }

    [Fact]
    public async Task A_callback_that_throws_refuses_one_connection_and_shows_its_exception()
    {
        bool fail = true;
        await using Loopback net = await Loopback.StartAsync(options => options.HelloCallback = (_, _, _) =>
            fail ? throw new InvalidOperationException("mine") : ValueTask.FromResult(Loopback.ServerOptions()));
        QuicException refused = await Assert.ThrowsAsync<QuicException>(() => net.DialAsync());
        Assert.Equal(QuicError.ConnectionRefused, refused.QuicError);
        QuicException seen = await Assert.ThrowsAsync<QuicException>(net.AcceptAsync);
        Assert.Equal((QuicError.CallbackError, "mine"), (seen.QuicError, seen.InnerException?.Message));
        fail = false;
        await net.ConnectAsync();
    }

    [Fact]
    public async Task A_callback_learns_that_the_client_has_gone()
    {
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource<QuicServerConnectionOptions>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Loopback net = await Loopback.StartAsync(options => options.HelloCallback = (_, _, token) =>
        {
            token.Register(() => answer.TrySetCanceled(token));
            called.TrySetResult();
            return new ValueTask<QuicServerConnectionOptions>(answer.Task);
        });
        using var impatience = new CancellationTokenSource();
        Task<QuicConnection> dial = QuicConnection.ConnectAsync(Loopback.ClientOptions(net.Listener.LocalEndPoint), impatience.Token).AsTask();
        await called.Task.WaitAsync(Loopback.Patience);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dial);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.Task.WaitAsync(Loopback.Patience));
        Assert.True(answer.Task.IsCanceled);
        Assert.DoesNotContain(net.Logs.Entries, static entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task Connections_beyond_the_backlog_are_refused_until_there_is_room()
    {
        await using Loopback net = await Loopback.StartAsync(static options => options.ListenBacklog = 2);
        await net.DialAsync();
        await net.DialAsync();
        QuicException refused = await Assert.ThrowsAsync<QuicException>(() => net.DialAsync());
        Assert.Equal(QuicError.ConnectionRefused, refused.QuicError);
        await net.AcceptAsync();
        await net.DialAsync();
    }

    [Fact]
    public async Task Accepting_can_be_cancelled_and_nothing_is_lost()
    {
        await using Loopback net = await Loopback.StartAsync();
        using var cancellation = new CancellationTokenSource();
        Task<QuicConnection> accept = net.Listener.AcceptConnectionAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accept);
        await net.ConnectAsync();
    }

    [Fact]
    public async Task Accepted_connections_outlive_their_listener()
    {
        Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        QuicConnection unaccepted = await net.DialAsync();
        await net.Listener.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => net.Listener.AcceptConnectionAsync(Loopback.Patience).AsTask());
        QuicException closed = await Assert.ThrowsAsync<QuicException>(() => unaccepted.AcceptInboundStreamAsync(Loopback.Patience).AsTask());
        Assert.Equal(Loopback.CloseCode, closed.ApplicationErrorCode);
        (QuicStream opened, _) = await Loopback.OpenAsync(client, server);
        opened.Abort(QuicAbortDirection.Both, 0);
        await net.DisposeAsync();
    }

    [Fact]
    public async Task A_disposed_listener_wakes_whoever_waits_and_frees_its_port()
    {
        Loopback net = await Loopback.StartAsync();
        IPEndPoint address = net.Listener.LocalEndPoint;
        Task<QuicConnection> waiting = net.Listener.AcceptConnectionAsync(Loopback.Patience).AsTask();
        await net.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(address);
    }

    [Fact]
    public async Task Clients_prove_their_address_where_that_is_asked_of_all()
    {
        await using Loopback net = await Loopback.StartAsync(static options => options.RetryPolicy = RetryPolicy.Always);
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        await opened.WriteAsync("validated"u8.ToArray(), completeWrites: true, Loopback.Patience);
        Assert.Equal("validated"u8.ToArray(), await StreamTests.ReadToEndAsync(accepted));
    }

    [Fact]
    public async Task A_handshake_that_fails_is_not_accepted_and_stops_nothing()
    {
        await using Loopback net = await Loopback.StartAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => net.DialAsync(static options => options.ClientAuthenticationOptions.TargetHost = "elsewhere.test"));
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        Assert.Equal(client.LocalEndPoint.Port, server.RemoteEndPoint.Port);
        Assert.Equal("localhost", server.TargetHostName);
    }

    [Fact]
    public async Task Incomplete_options_are_argument_exceptions()
    {
        await AssertRefused(static options => options.ListenEndPoint = null!);
        await AssertRefused(static options => options.ApplicationProtocols = []);
        await AssertRefused(static options => options.ConnectionOptionsCallback = static (_, _, _) => default);

        static async Task AssertRefused(Action<QuicListenerOptions> change) => await Assert.ThrowsAnyAsync<ArgumentException>(() => Loopback.StartAsync(options =>
        {
            options.HelloCallback = static (_, _, _) => default;
            change(options);
        }));
    }
}
