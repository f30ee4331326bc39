using System.Net;
using System.Net.Sockets;
using Quicprochat.Quic;
using Quicprochat.Transport.Loop;

namespace Quicprochat.Transport.Tests;

public sealed class ConnectionTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Both_ends_know_what_was_negotiated(string host)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This host has no IPv6.");
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync(
            options => options.RemoteEndPoint = new IPEndPoint(IPAddress.Parse(host), net.Listener.LocalEndPoint.Port));
        foreach (QuicConnection end in new[] { client, server })
        {
            Assert.Equal(Loopback.Protocol, end.NegotiatedApplicationProtocol);
            Assert.Equal("X25519MLKEM768", end.NegotiatedGroup);
            Assert.Equal(System.Net.Security.TlsCipherSuite.TLS_AES_128_GCM_SHA256, end.NegotiatedCipherSuite);
            Assert.Equal(System.Security.Authentication.SslProtocols.Tls13, end.SslProtocol);
            Assert.Equal("localhost", end.TargetHostName);
        }
        Assert.Equal(TestCertificates.Server.RawData, client.RemoteCertificate!.GetRawCertData());
        Assert.Null(server.RemoteCertificate);
        Assert.Equal(IPAddress.Parse(host), client.RemoteEndPoint.Address);
        Assert.Equal(client.LocalEndPoint.Port, server.RemoteEndPoint.Port);
        Assert.Equal(net.Listener.LocalEndPoint.Port, server.LocalEndPoint.Port);
    }

    [Fact]
    public async Task A_name_is_looked_up_and_the_address_that_answers_wins()
    {
        await using Loopback net = await Loopback.StartAsync(static options => options.ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0));
        (QuicConnection client, _) = await net.ConnectAsync(
            options => options.RemoteEndPoint = new DnsEndPoint("localhost", net.Listener.LocalEndPoint.Port));
        Assert.Equal(IPAddress.Loopback, client.RemoteEndPoint.Address.MapToIPv4());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_close_carries_its_code_and_reason_to_the_other_end(bool clientCloses)
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        (QuicConnection closer, QuicStream closersStream, QuicConnection other, QuicStream othersStream) =
            clientCloses ? (client, opened, server, accepted) : (server, accepted, client, opened);
        Task<int> read = othersStream.ReadAsync(new byte[1], Loopback.Patience).AsTask();
        Task<QuicStream> accept = other.AcceptInboundStreamAsync(Loopback.Patience).AsTask();

        await closer.CloseAsync(4711, "enough is enough", Loopback.Patience);

        foreach (Task pending in new Task[] { read, accept, othersStream.WritesClosed, othersStream.ReadsClosed })
        {
            QuicException seen = await Assert.ThrowsAsync<QuicException>(() => pending);
            Assert.Equal((QuicError.ConnectionAborted, 4711L, "enough is enough"), (seen.QuicError, seen.ApplicationErrorCode, seen.Reason));
            Assert.Contains("enough is enough", seen.Message, StringComparison.Ordinal);
        }
        await Assert.ThrowsAsync<QuicException>(() => other.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, Loopback.Patience).AsTask());
        QuicException own = await Assert.ThrowsAsync<QuicException>(() => closersStream.ReadAsync(new byte[1], Loopback.Patience).AsTask());
        Assert.Equal((QuicError.OperationAborted, null), (own.QuicError, own.ApplicationErrorCode));
        await closer.CloseAsync(1, Loopback.Patience);
        await other.CloseAsync(1, Loopback.Patience);
    }

    [Fact]
    public async Task Dispose_closes_with_the_default_code()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        await client.DisposeAsync();
        QuicException seen = await Assert.ThrowsAsync<QuicException>(() => server.AcceptInboundStreamAsync(Loopback.Patience).AsTask());
        Assert.Equal((QuicError.ConnectionAborted, Loopback.CloseCode), (seen.QuicError, seen.ApplicationErrorCode));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, Loopback.Patience).AsTask());
        await client.DisposeAsync();
    }

    [Fact]
    public async Task What_was_acknowledged_before_a_close_can_still_be_read()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        byte[] answer = StreamTests.Pattern(1, 100_000);
        await accepted.WriteAsync(answer, completeWrites: true, Loopback.Patience);
        await accepted.WritesClosed;
        await server.CloseAsync(3, Loopback.Patience);
        await Assert.ThrowsAsync<QuicException>(() => client.AcceptInboundStreamAsync(Loopback.Patience).AsTask());
        Assert.Equal(answer, await StreamTests.ReadToEndAsync(opened));
        await opened.ReadsClosed;
    }

    [Fact]
    public async Task Silence_ends_a_connection_after_the_idle_timeout()
    {
        await using Loopback net = await Loopback.StartAsync(serve: static options => options.IdleTimeout = TimeSpan.FromMilliseconds(200));
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        foreach (QuicConnection end in new[] { client, server })
        {
            QuicException seen = await Assert.ThrowsAsync<QuicException>(() => end.AcceptInboundStreamAsync(Loopback.Patience).AsTask());
            Assert.Equal(QuicError.ConnectionIdle, seen.QuicError);
        }
    }

    [Fact]
    public async Task Keep_alives_hold_a_connection_that_says_nothing()
    {
        await using Loopback net = await Loopback.StartAsync(serve: static options => options.IdleTimeout = TimeSpan.FromMilliseconds(200));
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync(static options => options.KeepAliveInterval = TimeSpan.FromMilliseconds(50));
        (QuicConnection silent, _) = await net.ConnectAsync();
        await Assert.ThrowsAsync<QuicException>(() => silent.AcceptInboundStreamAsync(Loopback.Patience).AsTask());
        (QuicStream opened, _) = await Loopback.OpenAsync(client, server);
        await opened.DisposeAsync();
    }

    [Fact]
    public async Task A_peer_that_does_not_answer_costs_the_handshake_timeout()
    {
        using var silent = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        QuicClientConnectionOptions options = Loopback.ClientOptions(
            (IPEndPoint)silent.Client.LocalEndPoint!, static options => options.HandshakeTimeout = TimeSpan.FromMilliseconds(150));
        QuicException seen = await Assert.ThrowsAsync<QuicException>(() => QuicConnection.ConnectAsync(options, Loopback.Patience).AsTask());
        Assert.Equal(QuicError.ConnectionTimeout, seen.QuicError);
    }

    [Fact]
    public async Task Dialling_can_be_cancelled()
    {
        using var silent = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var cancellation = new CancellationTokenSource();
        Task<QuicConnection> dial = QuicConnection.ConnectAsync(
            Loopback.ClientOptions((IPEndPoint)silent.Client.LocalEndPoint!), cancellation.Token).AsTask();
        await silent.ReceiveAsync(Loopback.Patience);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dial);
    }

    [Fact]
    public async Task Accepting_streams_that_the_options_forbid_is_a_mistake()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, _) = await net.ConnectAsync(static options =>
            options.MaxInboundBidirectionalStreams = options.MaxInboundUnidirectionalStreams = 0);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.AcceptInboundStreamAsync(Loopback.Patience).AsTask());
    }

    [Fact]
    public async Task The_application_is_told_how_many_streams_the_peer_allows()
    {
        await using Loopback net = await Loopback.StartAsync(serve: static options =>
        {
            options.MaxInboundBidirectionalStreams = 3;
            options.MaxInboundUnidirectionalStreams = 4;
        });
        var bidirectional = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var unidirectional = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var more = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync(options => options.StreamCapacityCallback = (_, args) =>
        {
            if (args.BidirectionalIncrement > 0 && !bidirectional.TrySetResult(args.BidirectionalIncrement))
            {
                more.TrySetResult(args.BidirectionalIncrement);
            }
            if (args.UnidirectionalIncrement > 0)
            {
                unidirectional.TrySetResult(args.UnidirectionalIncrement);
            }
        });
        Assert.Equal(3, await bidirectional.Task.WaitAsync(Loopback.Patience));
        Assert.Equal(4, await unidirectional.Task.WaitAsync(Loopback.Patience));
        for (int i = 0; i < 3; i++)
        {
            (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
            opened.Abort(QuicAbortDirection.Both, 0);
            await accepted.DisposeAsync();
        }
        Assert.InRange(await more.Task.WaitAsync(Loopback.Patience), 1, 3);
    }

    [Fact]
    public async Task Datagrams_go_both_ways()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        Assert.InRange(client.MaxDatagramSize, 1100, 65535);
        for (byte i = 0; i < 20; i++)
        {
            await client.SendDatagramAsync(new byte[] { i, 1 }, Loopback.Patience);
            ReadOnlyMemory<byte> received = await server.ReceiveDatagramAsync(Loopback.Patience);
            await server.SendDatagramAsync(received, Loopback.Patience);
            Assert.Equal([i, 1], (await client.ReceiveDatagramAsync(Loopback.Patience)).ToArray());
        }
        byte[] longest = new byte[client.MaxDatagramSize];
        await client.SendDatagramAsync(longest, Loopback.Patience);
        Assert.Equal(longest.Length, (await server.ReceiveDatagramAsync(Loopback.Patience)).Length);
        await Assert.ThrowsAsync<ArgumentException>(() => client.SendDatagramAsync(new byte[70_000], Loopback.Patience).AsTask());
        await client.CloseAsync(0, Loopback.Patience);
        await Assert.ThrowsAsync<QuicException>(() => server.ReceiveDatagramAsync(Loopback.Patience).AsTask());
        await Assert.ThrowsAsync<QuicException>(() => server.SendDatagramAsync(longest, Loopback.Patience).AsTask());
    }

    [Fact]
    public async Task Datagrams_that_nobody_takes_are_dropped_oldest_first()
    {
        await using Loopback net = await Loopback.StartAsync(serve: static options => options.DatagramQueueLength = 4);
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        for (byte i = 0; i < 100; i++)
        {
            await client.SendDatagramAsync(new[] { i }, Loopback.Patience);
        }
        // What follows on a stream is behind the datagrams, or brings their loss to light.
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        await opened.WriteAsync(new byte[1], completeWrites: true, Loopback.Patience);
        await StreamTests.ReadToEndAsync(accepted);
        ReadOnlyMemory<byte> first = await server.ReceiveDatagramAsync(Loopback.Patience);
        Assert.InRange(first.Span[0], (byte)90, (byte)99);
    }

    [Fact]
    public async Task A_peer_that_takes_no_datagrams_is_sent_none()
    {
        await using Loopback net = await Loopback.StartAsync(serve: static options => options.MaxDatagramFrameSize = 0);
        (QuicConnection client, _) = await net.ConnectAsync();
        Assert.Equal(0, client.MaxDatagramSize);
        await Assert.ThrowsAsync<ArgumentException>(() => client.SendDatagramAsync(new byte[1], Loopback.Patience).AsTask());
    }

    [Fact]
    public async Task Both_ends_export_the_same_keys()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        byte[] here = await client.ExportKeyingMaterialAsync("EXPORTER-test", new byte[] { 1 }, 48, Loopback.Patience);
        byte[] there = await server.ExportKeyingMaterialAsync("EXPORTER-test", new byte[] { 1 }, 48, Loopback.Patience);
        byte[] other = await server.ExportKeyingMaterialAsync("EXPORTER-test", new byte[] { 2 }, 48, Loopback.Patience);
        Assert.Equal(here, there);
        Assert.NotEqual(here, other);
        Assert.Contains(here, static value => value != 0);
    }

    [Fact]
    public async Task Keys_change_and_the_connection_goes_on()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        await accepted.WriteAsync(new byte[1], Loopback.Patience);
        await opened.ReadExactlyAsync(new byte[1], Loopback.Patience);
        // The answer was sent by a server that has confirmed, and carried or followed what confirms the client.
        while (!await client.UpdateKeysAsync(Loopback.Patience))
        {
            await accepted.WriteAsync(new byte[1], Loopback.Patience);
            await opened.ReadExactlyAsync(new byte[1], Loopback.Patience);
        }
        await opened.WriteAsync("new keys"u8.ToArray(), completeWrites: true, Loopback.Patience);
        Assert.Equal("new keys"u8.ToArray(), await StreamTests.ReadToEndAsync(accepted));
        Assert.InRange((await server.GetStatisticsAsync(Loopback.Patience)).KeyUpdates, 1, 2);
    }

    [Fact]
    public async Task Statistics_count()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        ConnectionStatistics before = await client.GetStatisticsAsync(Loopback.Patience);
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        await opened.WriteAsync(new byte[50_000], completeWrites: true, Loopback.Patience);
        await StreamTests.ReadToEndAsync(accepted);
        ConnectionStatistics after = await client.GetStatisticsAsync(Loopback.Patience);
        Assert.InRange(after.BytesSent - before.BytesSent, 50_000, long.MaxValue);
        Assert.InRange(after.SmoothedRtt, 1, 10_000_000);
        Assert.InRange((await server.GetStatisticsAsync(Loopback.Patience)).BytesReceived, 50_000, long.MaxValue);
    }

    [Fact]
    public async Task A_bug_in_the_handling_of_one_connection_ends_that_one_alone()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicConnection otherClient, QuicConnection otherServer) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(otherClient, otherServer);

        server.Post(new LoopAction(server, static _ => throw new InvalidOperationException("a bug")));

        QuicException here = await Assert.ThrowsAsync<QuicException>(() => server.AcceptInboundStreamAsync(Loopback.Patience).AsTask());
        Assert.Equal(QuicError.InternalError, here.QuicError);
        QuicException there = await Assert.ThrowsAsync<QuicException>(() => client.AcceptInboundStreamAsync(Loopback.Patience).AsTask());
        Assert.Equal((QuicError.TransportError, (long)TransportErrorCode.InternalError), (there.QuicError, there.TransportErrorCode));
        Assert.Contains(net.Logs.Entries, static entry => entry.Exception?.Message == "a bug");
        await opened.WriteAsync("unmoved"u8.ToArray(), completeWrites: true, Loopback.Patience);
        Assert.Equal("unmoved"u8.ToArray(), await StreamTests.ReadToEndAsync(accepted));
    }

    [Fact]
    public async Task What_is_logged_holds_no_payload_and_tells_the_life_of_a_connection()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        await client.CloseAsync(9, "bye", Loopback.Patience);
        await Assert.ThrowsAsync<QuicException>(() => server.AcceptInboundStreamAsync(Loopback.Patience).AsTask());
        string[] lines = [.. net.Logs.Entries.Select(static entry => entry.Message)];
        Assert.Contains(lines, static line => line.Contains("Listening on", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.Contains("X25519MLKEM768, TLS_AES_128_GCM_SHA256", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.Contains("The peer closed the connection with code 9: bye.", StringComparison.Ordinal));
    }
}
