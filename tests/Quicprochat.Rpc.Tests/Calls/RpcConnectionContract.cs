using System.Buffers.Binary;
using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Rpc.Pushes;

namespace Quicprochat.Rpc.Tests.Calls;

/// <summary>What holds over every connection; <see cref="OverQuicTests"/> and <see cref="OverMemoryTests"/> run it.</summary>
public abstract class RpcConnectionContract(bool quic)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_is_answered()
    {
        await using RpcWorld world = await OpenAsync(Add(Methods.Lookup, (_, request, _) => ValueTask.FromResult(new LookupResponse { Devices = new SignedDeviceList { List = ByteString.CopyFromUtf8(request.Account) } })));
        LookupResponse response = await world.Client.CallAsync(Methods.Lookup, new LookupRequest { Account = "alice" }, Cancel);
        Assert.Equal("alice", response.Devices.List.ToStringUtf8());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4086)]
    [InlineData(70_000)]
    [InlineData((4 << 20) - 16)]
    public async Task A_payload_of_every_size_comes_through(int size)
    {
        await using RpcWorld world = await OpenAsync(Add(Methods.PutBlob, (_, request, _) => ValueTask.FromResult(new PutBlobResponse { Received = (ulong)request.Data.Length })));
        Assert.Equal((ulong)size, (await world.Client.CallAsync(Methods.PutBlob, new PutBlobRequest { Data = ByteString.CopyFrom(new byte[size]) }, Cancel)).Received);
    }

    [Fact]
    public async Task A_payload_beyond_the_bound_is_not_sent()
    {
        await using RpcWorld world = await OpenAsync(Add(Methods.PutBlob, (_, _, _) => ValueTask.FromResult(new PutBlobResponse())));
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () => await world.Client.CallAsync(Methods.PutBlob, new PutBlobRequest { Data = ByteString.CopyFrom(new byte[4 << 20]) }, Cancel));
        Assert.Equal((RpcStatus.PayloadTooLarge, ErrorCodes.FrameTooLarge), (e.Status, e.Code));
    }

    [Fact]
    public async Task Calls_do_not_wait_for_each_other()
    {
        var slow = new TaskCompletionSource();
        await using RpcWorld world = await OpenAsync(
            Add(Methods.Health, async (_, _, _) =>
            {
                await slow.Task;
                return new HealthResponse();
            }).Add(Methods.ServerInfo, (_, _, _) => ValueTask.FromResult(new ServerInfoResponse { Name = "fast" })));
        Task<HealthResponse> first = world.Client.CallAsync(Methods.Health, new HealthRequest(), Cancel).AsTask();
        ServerInfoResponse[] rest = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => world.Client.CallAsync(Methods.ServerInfo, new ServerInfoRequest(), Cancel).AsTask()));
        Assert.All(rest, static response => Assert.Equal("fast", response.Name));
        Assert.False(first.IsCompleted);
        slow.SetResult();
        await first;
    }

    [Fact]
    public async Task A_refusal_carries_code_sentence_time_and_detail()
    {
        var refusal = new RpcException(RpcStatus.Conflict, ErrorCodes.GroupConflict, "Somebody was faster.") { RetryAfter = TimeSpan.FromMilliseconds(250), Detail = new byte[] { 1, 2, 3 } };
        await using RpcWorld world = await OpenAsync(Add(Methods.Commit, (_, _, _) => throw refusal));
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () => await world.Client.CallAsync(Methods.Commit, new CommitRequest(), Cancel));
        Assert.Equal((refusal.Status, refusal.Code, refusal.Message, refusal.RetryAfter), (e.Status, e.Code, e.Message, e.RetryAfter));
        Assert.Equal(refusal.Detail.ToArray(), e.Detail.ToArray());
    }

    [Fact]
    public async Task A_fault_of_a_handler_says_nothing_of_itself_and_costs_nobody_else()
    {
        await using RpcWorld world = await OpenAsync(
            Add(Methods.Health, (_, _, _) => throw new InvalidOperationException("a secret")).Add(Methods.ServerInfo, (_, _, _) => ValueTask.FromResult(new ServerInfoResponse())));
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () => await world.Client.CallAsync(Methods.Health, new HealthRequest(), Cancel));
        Assert.Equal((RpcStatus.Internal, ErrorCodes.ServerFault), (e.Status, e.Code));
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
        await world.Client.CallAsync(Methods.ServerInfo, new ServerInfoRequest(), Cancel);
    }

    [Fact]
    public async Task A_caller_that_gives_up_cancels_the_work()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using RpcWorld world = await OpenAsync(Add(Methods.Log, async (_, _, token) =>
        {
            started.SetResult();
            await WaitForAsync(cancelled, token);
            return new LogResponse();
        }));
        using var giveUp = new CancellationTokenSource();
        Task<LogResponse> call = world.Client.CallAsync(Methods.Log, new LogRequest(), giveUp.Token).AsTask();
        await started.Task;
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await cancelled.Task.WaitAsync(Cancel);
    }

    [Fact]
    public async Task A_deadline_cancels_the_work_and_is_named()
    {
        var cancelled = new TaskCompletionSource();
        await using RpcWorld world = await OpenAsync(Add(Methods.Log, async (_, _, token) =>
        {
            await WaitForAsync(cancelled, token);
            return new LogResponse();
        }));
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () => await world.Client.CallAsync(Methods.Log, new LogRequest(), TimeSpan.FromMilliseconds(50), Cancel));
        Assert.Equal((RpcStatus.DeadlineExceeded, ErrorCodes.CallTimedOut), (e.Status, e.Code));
        await cancelled.Task.WaitAsync(Cancel);
    }

    [Fact]
    public async Task The_end_of_the_connection_cancels_the_work()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using RpcWorld world = await OpenAsync(Add(Methods.Log, async (_, _, token) =>
        {
            started.SetResult();
            await WaitForAsync(cancelled, token);
            return new LogResponse();
        }));
        Task<LogResponse> call = world.Client.CallAsync(Methods.Log, new LogRequest(), Cancel).AsTask();
        await started.Task;
        await world.ServerEnd.CloseAsync(CloseCode.Draining, "bye");
        RpcConnectionException e = await Assert.ThrowsAsync<RpcConnectionException>(() => call);
        Assert.Equal((RpcConnectionError.ClosedByPeer, CloseCode.Draining), (e.Error, e.PeerCode));
        await cancelled.Task.WaitAsync(Cancel);
        await world.Serving;
        await world.Client.Connection.Closed.WaitAsync(Cancel);
    }

    [Fact]
    public async Task Only_open_methods_are_answered_before_authentication()
    {
        await using RpcWorld world = await OpenAsync(
            Add(Methods.Log, (_, _, _) => ValueTask.FromResult(new LogResponse())).Add(Methods.Health, (_, _, _) => ValueTask.FromResult(new HealthResponse())));
        world.Session.IsAuthenticated = false;
        await world.Client.CallAsync(Methods.Health, new HealthRequest(), Cancel);
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () => await world.Client.CallAsync(Methods.Log, new LogRequest(), Cancel));
        Assert.Equal((RpcStatus.Unauthenticated, ErrorCodes.AuthenticationRequired), (e.Status, e.Code));
    }

    [Fact]
    public async Task A_gate_refuses()
    {
        var draining = new RpcException(RpcStatus.Unavailable, ErrorCodes.ServerDraining, "Going away.");
        RpcRegistry<Session> registry = Add(Methods.Health, (_, _, _) => ValueTask.FromResult(new HealthResponse()));
        await using RpcWorld world = await RpcWorld.OpenAsync(quic, registry, new RpcServerOptions { Gate = _ => draining });
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () => await world.Client.CallAsync(Methods.Health, new HealthRequest(), Cancel));
        Assert.True(e.IsRetriable);
    }

    [Fact]
    public async Task An_unknown_method_is_named()
    {
        await using RpcWorld world = await OpenAsync(new RpcRegistry<Session>());
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () => await world.Client.CallAsync(Methods.Health, new HealthRequest(), Cancel));
        Assert.Equal((RpcStatus.Unimplemented, ErrorCodes.MethodUnknown), (e.Status, e.Code));
    }

    [Theory]
    [InlineData("0320 00000007 00000000 00000005 0102", RpcStatus.InvalidArgument)] // cut off in the payload
    [InlineData("0320 00000007 00000000 00000000 01", RpcStatus.InvalidArgument)] // a byte behind the end
    [InlineData("0320 00000007 00000000 00400001 01", RpcStatus.PayloadTooLarge)]
    [InlineData("0320 00000007 00000000 FFFFFFFF", RpcStatus.PayloadTooLarge)]
    [InlineData("0320 00000007 00000000 00000002 FFFF", RpcStatus.InvalidArgument)] // no Protobuf
    [InlineData("FFFF 00000007 00000000 00000000", RpcStatus.Unimplemented)]
    public async Task A_malformed_request_is_answered_with_its_id(string hex, RpcStatus status)
    {
        await using RpcWorld world = await OpenAsync(Add(Methods.Health, (_, _, _) => ValueTask.FromResult(new HealthResponse())));
        byte[] response = await ExchangeAsync(world, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal(status, (RpcStatus)response[0]);
        Assert.Equal(7u, BinaryPrimitives.ReadUInt32BigEndian(response.AsSpan(1)));
        Assert.NotEmpty(ErrorDetail.Parser.ParseFrom(response.AsSpan(9)).Code);
        await world.Client.CallAsync(Methods.Health, new HealthRequest(), Cancel);
    }

    [Fact]
    public async Task A_header_that_is_cut_off_resets_the_stream_alone()
    {
        await using RpcWorld world = await OpenAsync(Add(Methods.Health, (_, _, _) => ValueTask.FromResult(new HealthResponse())));
        RpcStreamAbortedException e = await Assert.ThrowsAsync<RpcStreamAbortedException>(() => ExchangeAsync(world, [3]));
        Assert.Equal((long)StreamCode.ProtocolError, e.Code);
        await world.Client.CallAsync(Methods.Health, new HealthRequest(), Cancel);
    }

    [Fact]
    public async Task A_stream_of_the_wrong_kind_is_reset_and_the_rest_goes_on()
    {
        await using RpcWorld world = await OpenAsync(Add(Methods.Health, (_, _, _) => ValueTask.FromResult(new HealthResponse())));
        await using IRpcStream stream = await world.Client.Connection.OpenStreamAsync(bidirectional: false, Cancel);
        await Assert.ThrowsAsync<RpcStreamAbortedException>(async () =>
        {
            while (true)
            {
                await stream.WriteAsync(new byte[100_000], end: false, Cancel);
            }
        });
        await world.Client.CallAsync(Methods.Health, new HealthRequest(), Cancel);
    }

    [Fact]
    public async Task Pushes_come_in_order_and_a_slow_reader_holds_the_server_back()
    {
        await using RpcWorld world = await OpenAsync(new RpcRegistry<Session>());
        int written = 0;
        Task writing = PushAllAsync();
        ulong next = 0;
        await foreach (RpcPush push in world.Client.ReadPushesAsync(Cancel))
        {
            Assert.True(push.TryParse(Events.DevicesChanged, out DevicesChangedPush? message));
            if (next == 0)
            {
                Assert.False(writing.IsCompleted);
            }
            Assert.Equal(next, message.Version);
            if (++next == 2000)
            {
                break;
            }
        }
        await writing;
        Assert.Equal(2000, written);

        async Task PushAllAsync()
        {
            string account = new('a', 100_000);
            for (ulong i = 0; i < 2000; i++, written++)
            {
                await world.Server.PushAsync(Events.DevicesChanged, new DevicesChangedPush { Account = account, Version = i }, Cancel);
            }
        }
    }

    [Fact]
    public async Task A_push_of_another_kind_does_not_parse()
    {
        await using RpcWorld world = await OpenAsync(new RpcRegistry<Session>());
        await world.Server.PushAsync(Events.Draining, new DrainingPush { ClosesInMs = 5 }, Cancel);
        await foreach (RpcPush push in world.Client.ReadPushesAsync(Cancel))
        {
            Assert.False(push.TryParse(Events.DevicesChanged, out _));
            Assert.True(push.TryParse(Events.Draining, out _));
            break;
        }
    }

    [Fact]
    public async Task Both_ends_export_the_same_secret_and_know_the_same_server_key()
    {
        await using RpcWorld world = await OpenAsync(new RpcRegistry<Session>());
        byte[]? client = await world.Client.Connection.ExportKeyingMaterialAsync("EXPORTER-test", 32, Cancel);
        Assert.Equal(client, await world.ServerEnd.ExportKeyingMaterialAsync("EXPORTER-test", 32, Cancel));
        Assert.NotEqual(client, await world.ServerEnd.ExportKeyingMaterialAsync("EXPORTER-other", 32, Cancel));
        Assert.Equal(world.ServerEnd.ServerKeyHash.ToArray(), world.Client.Connection.ServerKeyHash.ToArray());
        Assert.Equal("qpc/1", world.Client.Connection.Protocol);
    }

    [Fact]
    public async Task Calls_beyond_the_bound_wait_and_are_answered()
    {
        int running = 0;
        int most = 0;
        RpcRegistry<Session> registry = Add(Methods.Health, async (_, _, _) =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return new HealthResponse();
        });
        await using RpcWorld world = await RpcWorld.OpenAsync(quic, registry, new RpcServerOptions { CallsMax = 4 });
        await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => world.Client.CallAsync(Methods.Health, new HealthRequest(), Cancel).AsTask()));
        Assert.InRange(most, 1, 4);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
        {
            int before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }
            seen = before;
        }
    }

    private static RpcRegistry<Session> Add<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, RpcHandler<Session, TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => new RpcRegistry<Session>().Add(method, handler);

    private static async Task<byte[]> ExchangeAsync(RpcWorld world, byte[] request)
    {
        await using IRpcStream stream = await world.Client.Connection.OpenStreamAsync(bidirectional: true, Cancel);
        await stream.WriteAsync(request, end: true, Cancel);
        var response = new MemoryStream();
        byte[] buffer = new byte[1000];
        int count;
        while ((count = await stream.ReadAsync(buffer, Cancel)) > 0)
        {
            await response.WriteAsync(buffer.AsMemory(0, count), Cancel);
        }
        return response.ToArray();
    }

    private static async Task WaitForAsync(TaskCompletionSource cancelled, CancellationToken token)
    {
        var never = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = token.Register(() =>
        {
            cancelled.TrySetResult();
            never.TrySetCanceled(token);
        });
        await never.Task;
    }

    private Task<RpcWorld> OpenAsync(RpcRegistry<Session> registry) => RpcWorld.OpenAsync(quic, registry);
}
