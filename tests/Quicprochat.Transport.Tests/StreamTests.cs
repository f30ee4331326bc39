namespace Quicprochat.Transport.Tests;

public sealed class StreamTests
{
    [Fact]
    public async Task What_is_sent_comes_back_on_many_streams_at_once()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        Task echo = EchoAsync(server, streams: 250);
        await Task.WhenAll(Enumerable.Range(0, 250).Select(async number =>
        {
            byte[] sent = Pattern(number, 20_000 + number);
            await using QuicStream stream = await client.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, Loopback.Patience);
            Task sending = stream.WriteAsync(sent, completeWrites: true, Loopback.Patience).AsTask();
            Assert.Equal(sent, await ReadToEndAsync(stream));
            await sending;
            await stream.ReadsClosed;
            await stream.WritesClosed;
        }));
        await echo;
    }

    [Fact]
    public async Task Ten_megabytes_arrive_both_ways_unchanged()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        Task echo = EchoAsync(server, streams: 1);
        byte[] sent = Pattern(5, 10_000_000);
        await using QuicStream stream = await client.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, Loopback.Patience);
        Task sending = WriteInPiecesAsync(stream, sent, Loopback.Patience);
        byte[] received = await ReadToEndAsync(stream);
        Assert.True(sent.AsSpan().SequenceEqual(received));
        await sending;
        await echo;
    }

    [Fact]
    public async Task A_unidirectional_stream_is_written_at_one_end_and_read_at_the_other()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        await using QuicStream sender = await client.OpenOutboundStreamAsync(QuicStreamType.Unidirectional, Loopback.Patience);
        Assert.Equal((false, true, QuicStreamType.Unidirectional, 2L), (sender.CanRead, sender.CanWrite, sender.Type, sender.Id));
        await Assert.ThrowsAsync<InvalidOperationException>(() => sender.ReadAsync(new byte[1], Loopback.Patience).AsTask());
        await sender.WriteAsync("one way"u8.ToArray(), completeWrites: true, Loopback.Patience);

        await using QuicStream receiver = await server.AcceptInboundStreamAsync(Loopback.Patience);
        Assert.Equal((true, false), (receiver.CanRead, receiver.CanWrite));
        await Assert.ThrowsAsync<InvalidOperationException>(() => receiver.WriteAsync(new byte[1], Loopback.Patience).AsTask());
        Assert.Equal("one way"u8.ToArray(), await ReadToEndAsync(receiver));
        await sender.WritesClosed;
    }

    [Fact]
    public async Task Either_end_may_open_streams()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(server, client);
        Assert.Equal((1L, 1L), (opened.Id, accepted.Id));
        await accepted.WriteAsync("answer"u8.ToArray(), completeWrites: true, Loopback.Patience);
        Assert.Equal("answer"u8.ToArray(), await ReadToEndAsync(opened));
    }

    [Fact]
    public async Task A_cancelled_read_aborts_reading_with_the_default_code()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        using var cancellation = new CancellationTokenSource();
        ValueTask<int> read = accepted.ReadAsync(new byte[10], cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(read.AsTask);
        QuicException stopped = await Assert.ThrowsAsync<QuicException>(() => opened.WritesClosed);
        Assert.Equal((QuicError.StreamAborted, Loopback.StreamCode), (stopped.QuicError, stopped.ApplicationErrorCode));
        QuicException after = await Assert.ThrowsAsync<QuicException>(() => accepted.ReadAsync(new byte[10], Loopback.Patience).AsTask());
        Assert.Equal(QuicError.OperationAborted, after.QuicError);
        await accepted.WriteAsync("the other side goes on"u8.ToArray(), completeWrites: true, Loopback.Patience);
        Assert.Equal("the other side goes on"u8.ToArray(), await ReadToEndAsync(opened));
    }

    [Fact]
    public async Task A_cancelled_write_aborts_writing_with_the_default_code()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        using var cancellation = new CancellationTokenSource();
        // Nobody reads: flow control and the send buffer fill.
        Task write = opened.WriteAsync(new byte[64 << 20], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        QuicException reset = await Assert.ThrowsAsync<QuicException>(() => ReadToEndAsync(accepted));
        Assert.Equal((QuicError.StreamAborted, Loopback.StreamCode), (reset.QuicError, reset.ApplicationErrorCode));
        Assert.Equal(QuicError.OperationAborted, (await Assert.ThrowsAsync<QuicException>(() => opened.WritesClosed)).QuicError);
    }

    [Fact]
    public async Task A_token_cancelled_beforehand_costs_nothing()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opened.ReadAsync(new byte[1], cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opened.WriteAsync(new byte[1], cancelled).AsTask());
        await opened.WriteAsync("goes on"u8.ToArray(), completeWrites: true, Loopback.Patience);
        Assert.Equal("goes on"u8.ToArray(), await ReadToEndAsync(accepted));
    }

    [Theory]
    [InlineData(QuicAbortDirection.Read)]
    [InlineData(QuicAbortDirection.Write)]
    [InlineData(QuicAbortDirection.Both)]
    public async Task An_abort_ends_the_sides_it_names_at_both_ends(QuicAbortDirection direction)
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);

        opened.Abort(direction, 1234);

        if (direction.HasFlag(QuicAbortDirection.Read))
        {
            await AssertAborted(() => opened.ReadsClosed, QuicError.OperationAborted, null);
            await AssertAborted(() => opened.ReadAsync(new byte[1], Loopback.Patience).AsTask(), QuicError.OperationAborted, null);
            await AssertAborted(() => accepted.WritesClosed, QuicError.StreamAborted, 1234);
            await AssertAborted(() => accepted.WriteAsync(new byte[1], Loopback.Patience).AsTask(), QuicError.StreamAborted, 1234);
        }
        else
        {
            await accepted.WriteAsync("still"u8.ToArray(), completeWrites: true, Loopback.Patience);
            Assert.Equal("still"u8.ToArray(), await ReadToEndAsync(opened));
        }
        if (direction.HasFlag(QuicAbortDirection.Write))
        {
            await AssertAborted(() => opened.WritesClosed, QuicError.OperationAborted, null);
            await AssertAborted(() => opened.WriteAsync(new byte[1], Loopback.Patience).AsTask(), QuicError.OperationAborted, null);
            await AssertAborted(() => accepted.ReadsClosed, QuicError.StreamAborted, 1234);
            await AssertAborted(() => accepted.ReadAsync(new byte[1], Loopback.Patience).AsTask(), QuicError.StreamAborted, 1234);
        }
        else
        {
            await opened.WriteAsync("still"u8.ToArray(), completeWrites: true, Loopback.Patience);
            Assert.Equal("still"u8.ToArray(), await ReadToEndAsync(accepted));
        }
    }

    [Fact]
    public async Task A_read_that_waits_fails_when_the_peer_aborts()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        Task<int> read = accepted.ReadAsync(new byte[1], Loopback.Patience).AsTask();
        opened.Abort(QuicAbortDirection.Write, 5);
        await AssertAborted(() => read, QuicError.StreamAborted, 5);
    }

    [Fact]
    public async Task Only_one_read_and_one_write_may_be_under_way()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        ValueTask<int> read = accepted.ReadAsync(new byte[1], Loopback.Patience);
        await Assert.ThrowsAsync<InvalidOperationException>(() => accepted.ReadAsync(new byte[1], Loopback.Patience).AsTask());
        ValueTask write = opened.WriteAsync(new byte[64 << 20], Loopback.Patience);
        await Assert.ThrowsAsync<InvalidOperationException>(() => opened.WriteAsync(new byte[1], Loopback.Patience).AsTask());
        Assert.Equal(1, await read);
        opened.Abort(QuicAbortDirection.Both, 0);
        await AssertAborted(write.AsTask, QuicError.OperationAborted, null);
    }

    [Fact]
    public async Task Nothing_is_written_behind_the_end()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        opened.CompleteWrites();
        opened.CompleteWrites();
        await Assert.ThrowsAsync<InvalidOperationException>(() => opened.WriteAsync(new byte[1], Loopback.Patience).AsTask());
        Assert.Equal(0, await accepted.ReadAsync(new byte[1], Loopback.Patience));
        Assert.Equal(0, await accepted.ReadAsync(new byte[1], Loopback.Patience));
        await accepted.ReadsClosed;
        await opened.WritesClosed;
    }

    [Fact]
    public async Task What_waits_is_never_continued_by_the_loops_thread()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        List<string?> threads = await Task.Run(async () =>
        {
            var names = new List<string?>();
            Task echo = EchoAsync(accepted);
            for (int i = 0; i < 50; i++)
            {
                await opened.WriteAsync(new byte[1], CancellationToken.None);
                await opened.ReadExactlyAsync(new byte[1], CancellationToken.None);
                names.Add(Thread.CurrentThread.Name);
            }
            opened.CompleteWrites();
            await echo;
            names.Add(Thread.CurrentThread.Name);
            await opened.WritesClosed;
            names.Add(Thread.CurrentThread.Name);
            await client.CloseAsync(0);
            names.Add(Thread.CurrentThread.Name);
            return names;
        }, Loopback.Patience);
        Assert.DoesNotContain(threads, static name => name?.StartsWith("quic ", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task An_empty_read_waits_for_bytes_and_takes_none()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        Task<int> empty = accepted.ReadAsync(Memory<byte>.Empty, Loopback.Patience).AsTask();
        Assert.False(empty.IsCompleted);
        await opened.WriteAsync("abc"u8.ToArray(), completeWrites: true, Loopback.Patience);
        Assert.Equal(0, await empty);
        Assert.Equal("abc"u8.ToArray(), await ReadToEndAsync(accepted));
    }

    [Fact]
    public async Task Dispose_delivers_what_was_written_and_stops_what_was_not_read()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        await accepted.WriteAsync("unread"u8.ToArray(), Loopback.Patience);
        byte[] sent = Pattern(1, 300_000);
        await opened.WriteAsync(sent, Loopback.Patience);
        Task<byte[]> reading = ReadToEndAsync(accepted);
        await opened.DisposeAsync();
        Assert.Equal(sent, await reading);
        await AssertAborted(() => accepted.WritesClosed, QuicError.StreamAborted, Loopback.StreamCode);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => opened.ReadAsync(new byte[1], Loopback.Patience).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => opened.WriteAsync(new byte[1], Loopback.Patience).AsTask());
        Assert.Equal((false, false), (opened.CanRead, opened.CanWrite));
        await opened.DisposeAsync();
    }

    [Fact]
    public async Task A_disposed_stream_gives_its_credit_back()
    {
        await using Loopback net = await Loopback.StartAsync(serve: static options => options.MaxInboundBidirectionalStreams = 2);
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        Task echo = EchoAsync(server, streams: 50);
        for (int i = 0; i < 50; i++)
        {
            await using QuicStream stream = await client.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, Loopback.Patience);
            await stream.WriteAsync(Pattern(i, 100), completeWrites: true, Loopback.Patience);
            Assert.Equal(Pattern(i, 100), await ReadToEndAsync(stream));
        }
        await echo;
    }

    [Fact]
    public async Task Opening_waits_until_the_peer_allows_another_stream()
    {
        await using Loopback net = await Loopback.StartAsync(serve: static options => options.MaxInboundBidirectionalStreams = 1);
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream first, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        using var cancellation = new CancellationTokenSource();
        Task<QuicStream> given = client.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, cancellation.Token).AsTask();
        Task<QuicStream> second = client.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, Loopback.Patience).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.False(second.IsCompleted);
        first.Abort(QuicAbortDirection.Both, 0);
        await accepted.DisposeAsync();
        Assert.Equal(4, (await second).Id);
    }

    [Fact]
    public async Task The_blocking_members_do_what_the_others_do()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        await Task.Run(() =>
        {
            opened.Write("ab"u8);
            opened.WriteByte((byte)'c');
            opened.CompleteWrites();
            Assert.Equal('a', accepted.ReadByte());
            byte[] rest = new byte[2];
            accepted.ReadExactly(rest);
            Assert.Equal("bc"u8.ToArray(), rest);
            Assert.Equal(-1, accepted.ReadByte());
            opened.ReadTimeout = 20;
            Assert.Throws<IOException>(() => opened.ReadByte());
        }, Loopback.Patience);
        Assert.Throws<NotSupportedException>(() => opened.Length);
        Assert.Throws<NotSupportedException>(() => opened.Position);
        Assert.False(opened.CanSeek);
        Assert.True(opened.CanTimeout);
    }

    internal static byte[] Pattern(int number, int length)
    {
        byte[] pattern = new byte[length];
        new Random(number).NextBytes(pattern);
        return pattern;
    }

    internal static async Task<byte[]> ReadToEndAsync(QuicStream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, 32 << 10, Loopback.Patience);
        return all.ToArray();
    }

    internal static async Task WriteInPiecesAsync(QuicStream stream, byte[] bytes, CancellationToken cancellationToken)
    {
        for (int offset = 0; offset < bytes.Length; offset += 50_000)
        {
            await stream.WriteAsync(bytes.AsMemory(offset, Math.Min(50_000, bytes.Length - offset)), cancellationToken);
        }
        stream.CompleteWrites();
    }

    /// <summary>Echoes so many streams of a connection.</summary>
    internal static async Task EchoAsync(QuicConnection connection, int streams)
    {
        var echoes = new List<Task>();
        for (int i = 0; i < streams; i++)
        {
            echoes.Add(EchoAsync(await connection.AcceptInboundStreamAsync(Loopback.Patience)));
        }
        await Task.WhenAll(echoes);
    }

    internal static async Task EchoAsync(QuicStream stream)
    {
        await using (stream)
        {
            byte[] buffer = new byte[30_000];
            int count;
            while ((count = await stream.ReadAsync(buffer, Loopback.Patience)) > 0)
            {
                await stream.WriteAsync(buffer.AsMemory(0, count), Loopback.Patience);
            }
        }
    }

    private static async Task AssertAborted(Func<Task> operation, QuicError error, long? code)
    {
        QuicException exception = await Assert.ThrowsAsync<QuicException>(operation);
        Assert.Equal((error, code), (exception.QuicError, exception.ApplicationErrorCode));
    }
}
