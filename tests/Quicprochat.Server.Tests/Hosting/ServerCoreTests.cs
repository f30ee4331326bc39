using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Rpc.Pushes;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests.Hosting;

public sealed class ServerCoreTests
{
    [Fact]
    public async Task Draining_waits_for_calls_in_flight_and_refuses_new_ones()
    {
        var gate = new StoreGate();
        await using var server = new TestServer(wrap: gate.Wrap);
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        gate.Close();
        Task<SendResponse> inFlight = alice.AskAsync(Methods.Send, group.Message());
        await gate.Reached;
        Task draining = server.Core.DrainAsync(TestContext.Current.CancellationToken);
        Assert.Equal(10_000U, (await alice.PushAsync(Events.Draining)).ClosesInMs);
        await alice.RefusedAsync(Methods.Stock, new StockRequest(), RpcStatus.Unavailable, ErrorCodes.ServerDraining);
        Assert.Equal(HealthResponse.Types.State.Draining, (await alice.AskAsync(Methods.Health, new HealthRequest())).State);
        Assert.False(draining.IsCompleted);
        gate.Open();
        await inFlight;
        await draining.WaitAsync(Patience.Long, TestContext.Current.CancellationToken);
        Assert.Equal(CloseCode.Draining, await alice.ClosedAsync());
    }

    [Fact]
    public async Task Draining_has_an_end_whatever_hangs()
    {
        var gate = new StoreGate();
        await using var server = new TestServer(static options => options.DrainTimeout = TimeSpan.FromMilliseconds(100), wrap: gate.Wrap);
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        gate.Close();
        Task<SendResponse> inFlight = alice.AskAsync(Methods.Send, group.Message());
        await gate.Reached;
        await server.Core.DrainAsync(TestContext.Current.CancellationToken).WaitAsync(Patience.Long, TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<Exception>(() => inFlight);
        gate.Open();
    }

    [Fact]
    public async Task A_caller_that_gives_up_cancels_the_stores_work()
    {
        var gate = new StoreGate();
        await using var server = new TestServer(wrap: gate.Wrap);
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        gate.Close();
        using var impatience = new CancellationTokenSource();
        Task inFlight = alice.CallAsync(Methods.Send, group.Message(), impatience.Token).AsTask();
        await gate.Reached;
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => inFlight);
        await gate.Cancelled;
        gate.Open();
        await alice.AskAsync(Methods.Stock, new StockRequest());
    }

    [Theory]
    [InlineData(StorageFault.DiskFull, RpcStatus.Unavailable, ErrorCodes.StorageUnavailable)]
    [InlineData(StorageFault.InputOutput, RpcStatus.Unavailable, ErrorCodes.StorageUnavailable)]
    [InlineData(StorageFault.Internal, RpcStatus.Internal, ErrorCodes.ServerFault)]
    internal async Task A_disk_that_fails_is_an_answer_and_is_logged(StorageFault fault, RpcStatus status, string code)
    {
        var gate = new StoreGate();
        await using var server = new TestServer(wrap: gate.Wrap);
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        gate.Fail(new StorageException(fault, "The disk says no."));
        RpcException refusal = await alice.RefusedAsync(Methods.Send, group.Message(), status, code);
        Assert.DoesNotContain("says no", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("delivery.send", Assert.Single(server.Logs.Faults), StringComparison.Ordinal);
        server.Logs.Faults.Clear();
        gate.Fail(null);
        await alice.AskAsync(Methods.Send, group.Message());
    }

    [Fact]
    public async Task A_bug_costs_one_call()
    {
        var gate = new StoreGate();
        await using var server = new TestServer(wrap: gate.Wrap);
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        gate.Fail(new InvalidOperationException("a secret of the inside"));
        RpcException refusal = await alice.RefusedAsync(Methods.Send, group.Message(), RpcStatus.Internal, ErrorCodes.ServerFault);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
        server.Logs.Faults.Clear();
        gate.Fail(null);
        await alice.AskAsync(Methods.Send, group.Message());
    }

    [Fact]
    public async Task Too_many_calls_are_refused_with_when_to_try_again()
    {
        await using var server = new TestServer(static options => (options.Limits.CallBurst, options.Limits.CallsPerSecond) = (5, 1));
        (RpcClient alice, _) = await server.JoinAsync("alice");
        for (int i = 0; i < 5; i++)
        {
            await alice.AskAsync(Methods.ListGroups, new ListGroupsRequest());
        }
        RpcException refusal = await alice.RefusedAsync(Methods.ListGroups, new ListGroupsRequest(), RpcStatus.ResourceExhausted, ErrorCodes.RateLimited);
        Assert.InRange(refusal.RetryAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task What_is_left_open_is_closed_with_the_server()
    {
        var server = new TestServer();
        (RpcClient alice, _) = await server.JoinAsync("alice");
        await alice.AskAsync(Methods.Subscribe, new SubscribeRequest());
        Assert.Equal((1, 1), (server.Core.Meter.Connections, server.Core.Meter.Subscriptions));
        await server.DisposeAsync();
        Assert.Equal((0, 0, 0), (server.Core.Meter.Connections, server.Core.Meter.CallsInFlight, server.Core.Sessions.All.Length));
    }

    /// <summary>The server names no MLS code: it holds none that could decrypt.</summary>
    [Fact]
    public void The_server_has_no_MLS() =>
        Assert.DoesNotContain(typeof(Server.Hosting.QpcServer).Assembly.GetReferencedAssemblies(), static name => name.Name!.Contains("Mls", StringComparison.OrdinalIgnoreCase));
}
