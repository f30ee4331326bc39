using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Rpc.Pushes;
using Quicprochat.Server.Hosting;

namespace Quicprochat.Server.Tests.Handlers;

public sealed class AuthHandlersTests
{
    [Fact]
    public async Task An_account_registers_and_its_device_authenticates()
    {
        await using var server = new TestServer();
        (RpcClient client, TestAccount alice) = await server.JoinAsync("alice");
        LookupResponse found = await client.AskAsync(Methods.Lookup, new LookupRequest { Account = alice.Name });
        Assert.Equal(alice.Lists[0], found.Devices);
        Assert.Equal(alice.Lists[0], (await client.AskAsync(Methods.Lookup, new LookupRequest { AccountKey = ByteString.CopyFrom(alice.PublicKey) })).Devices);
    }

    [Fact]
    public async Task Registering_twice_is_once_and_a_taken_name_is_refused()
    {
        await using var server = new TestServer();
        (RpcClient client, TestAccount alice) = await server.JoinAsync("alice");
        await alice.RegisterAsync(client);
        var other = new TestAccount(alice.Name);
        await client.RefusedAsync(Methods.Register, new RegisterRequest { Devices = other.Lists[0] }, RpcStatus.AlreadyExists, ErrorCodes.AccountExists);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("alice@elsewhere.example")]
    [InlineData("Alice@test.example")]
    [InlineData("@test.example")]
    [InlineData(".alice@test.example")]
    [InlineData("al ice@test.example")]
    [InlineData("alice@@test.example")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456@test.example")]
    [InlineData("älice@test.example")]
    [InlineData("")]
    public async Task A_name_that_no_account_can_have_is_refused(string name)
    {
        await using var server = new TestServer();
        await server.Connect().RefusedAsync(Methods.Register, new RegisterRequest { Devices = new TestAccount(name).Lists[0] }, RpcStatus.InvalidArgument, ErrorCodes.AccountNameInvalid);
    }

    [Fact]
    public async Task A_closed_server_takes_nobody()
    {
        await using var server = new TestServer(static options => options.Registration = RegistrationPolicy.Closed);
        await server.Connect().RefusedAsync(
            Methods.Register, new RegisterRequest { Devices = new TestAccount("alice@test.example").Lists[0] }, RpcStatus.PermissionDenied, ErrorCodes.RegistrationClosed);
    }

    [Fact]
    public async Task An_invitation_is_good_for_as_many_accounts_as_it_says()
    {
        await using var server = new TestServer(static options => options.Registration = RegistrationPolicy.Invite);
        string code = Server.Services.InviteCode.Create();
        await server.Core.Store.SetInviteAsync(new(Server.Services.InviteCode.HashOf(code), 1, long.MaxValue), TestContext.Current.CancellationToken);
        RpcClient client = server.Connect();
        RegisterRequest alice = new() { Devices = new TestAccount("alice@test.example").Lists[0] };
        await client.RefusedAsync(Methods.Register, alice, RpcStatus.PermissionDenied, ErrorCodes.InviteRequired);
        alice.Invite = "WRONG-WRONG-WRONG-WRONG";
        await client.RefusedAsync(Methods.Register, alice, RpcStatus.PermissionDenied, ErrorCodes.InviteRequired);
        alice.Invite = code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal);
        await client.AskAsync(Methods.Register, alice);
        RegisterRequest bob = new() { Devices = new TestAccount("bob@test.example").Lists[0], Invite = code };
        await client.RefusedAsync(Methods.Register, bob, RpcStatus.PermissionDenied, ErrorCodes.InviteRequired);
    }

    [Fact]
    public async Task A_signature_by_another_key_proves_nothing()
    {
        await using var server = new TestServer();
        (_, TestAccount alice) = await server.JoinAsync("alice");
        RpcClient client = server.Connect();
        var impostor = new TestDevice(alice);
        ByteString signature = await impostor.SignAsync(client.Connection);
        await client.RefusedAsync(
            Methods.Authenticate, new AuthenticateRequest { Device = alice.Device.Ref, Signature = signature }, RpcStatus.Unauthenticated, ErrorCodes.AuthenticationFailed);
        await client.RefusedAsync(Methods.Stock, new StockRequest(), RpcStatus.Unauthenticated, ErrorCodes.AuthenticationRequired);
    }

    [Fact]
    public async Task A_signature_of_another_connection_proves_nothing()
    {
        await using var server = new TestServer();
        (RpcClient first, TestAccount alice) = await server.JoinAsync("alice");
        ByteString replayed = await alice.Device.SignAsync(first.Connection);
        await server.Connect().RefusedAsync(
            Methods.Authenticate, new AuthenticateRequest { Device = alice.Device.Ref, Signature = replayed }, RpcStatus.Unauthenticated, ErrorCodes.AuthenticationFailed);
    }

    [Fact]
    public async Task A_signature_over_anything_else_proves_nothing()
    {
        await using var server = new TestServer();
        (_, TestAccount alice) = await server.JoinAsync("alice");
        RpcClient client = server.Connect();
        ByteString signature = alice.Device.Sign(client.Connection, new byte[32]);
        await client.RefusedAsync(
            Methods.Authenticate, new AuthenticateRequest { Device = alice.Device.Ref, Signature = signature }, RpcStatus.Unauthenticated, ErrorCodes.AuthenticationFailed);
    }

    [Fact]
    public async Task After_five_failures_the_connection_is_closed()
    {
        await using var server = new TestServer();
        (_, TestAccount alice) = await server.JoinAsync("alice");
        RpcClient client = server.Connect();
        var request = new AuthenticateRequest { Device = alice.Device.Ref, Signature = ByteString.CopyFrom(new byte[64]) };
        for (int i = 0; i < 4; i++)
        {
            await client.RefusedAsync(Methods.Authenticate, request, RpcStatus.Unauthenticated, ErrorCodes.AuthenticationFailed);
        }
        await Assert.ThrowsAnyAsync<Exception>(async () => await client.AskAsync(Methods.Authenticate, request));
        Assert.Equal(CloseCode.RateLimited, await client.ClosedAsync());
    }

    [Fact]
    public async Task A_device_whose_time_is_over_may_not_authenticate_and_an_hour_of_difference_is_allowed()
    {
        await using var server = new TestServer();
        (RpcClient client, TestAccount alice) = await server.JoinAsync("alice");
        var early = new TestDevice(alice) { NotBefore = DateTimeOffset.UtcNow.AddMinutes(60) };
        var late = new TestDevice(alice) { NotBefore = DateTimeOffset.UtcNow.AddDays(-2), NotAfter = DateTimeOffset.UtcNow.AddMinutes(-60) };
        var tooEarly = new TestDevice(alice) { NotBefore = DateTimeOffset.UtcNow.AddMinutes(70) };
        var tooLate = new TestDevice(alice) { NotBefore = DateTimeOffset.UtcNow.AddDays(-2), NotAfter = DateTimeOffset.UtcNow.AddMinutes(-70) };
        alice.Devices.AddRange([early, late, tooEarly, tooLate]);
        await client.AskAsync(Methods.PublishDevices, new PublishDevicesRequest { Devices = alice.NextList() });
        await early.AuthenticateAsync(server.Connect());
        await late.AuthenticateAsync(server.Connect());
        foreach (TestDevice device in new[] { tooEarly, tooLate })
        {
            RpcClient other = server.Connect();
            var request = new AuthenticateRequest { Device = device.Ref, Signature = await device.SignAsync(other.Connection) };
            await other.RefusedAsync(Methods.Authenticate, request, RpcStatus.Unauthenticated, ErrorCodes.DeviceExpired);
        }
    }

    [Fact]
    public async Task Without_an_exporter_a_nonce_is_signed_once()
    {
        await using var server = new TestServer();
        (RpcClient exporting, TestAccount alice) = await server.JoinAsync("alice");
        await exporting.RefusedAsync(Methods.Challenge, new ChallengeRequest(), RpcStatus.InvalidArgument, ErrorCodes.ArgumentInvalid);
        RpcClient client = server.Connect(static connection => new ConnectionWithoutExporter(connection));
        ByteString nonce = (await client.AskAsync(Methods.Challenge, new ChallengeRequest())).Nonce;
        var request = new AuthenticateRequest { Device = alice.Device.Ref, Signature = alice.Device.Sign(client.Connection, nonce.Span) };
        await client.AskAsync(Methods.Authenticate, request);
        await client.AskAsync(Methods.Stock, new StockRequest());
        await client.RefusedAsync(Methods.Authenticate, request, RpcStatus.Unauthenticated, ErrorCodes.AuthenticationFailed);
    }

    [Fact]
    public async Task A_connection_stays_its_devices()
    {
        await using var server = new TestServer();
        (RpcClient client, TestAccount alice) = await server.JoinAsync("alice");
        (_, TestAccount bob) = await server.JoinAsync("bob");
        await alice.Device.AuthenticateAsync(client);
        var request = new AuthenticateRequest { Device = bob.Device.Ref, Signature = await bob.Device.SignAsync(client.Connection) };
        await client.RefusedAsync(Methods.Authenticate, request, RpcStatus.PermissionDenied, ErrorCodes.AuthenticationFailed);
    }

    [Fact]
    public async Task Whoever_does_not_authenticate_in_time_is_closed()
    {
        await using var server = new TestServer(static options => options.AuthenticationTimeout = TimeSpan.FromMilliseconds(50));
        Assert.Equal(CloseCode.AuthenticationTimeout, await server.Connect().ClosedAsync());
    }

    [Fact]
    public async Task A_device_that_a_new_list_leaves_out_is_cut_off()
    {
        await using var server = new TestServer();
        (RpcClient client, TestAccount alice) = await server.JoinAsync("alice");
        var phone = new TestDevice(alice);
        alice.Devices.Add(phone);
        await client.AskAsync(Methods.PublishDevices, new PublishDevicesRequest { Devices = alice.NextList() });
        RpcClient onPhone = await server.ConnectAsync(phone);
        alice.Devices.Remove(phone);
        await client.AskAsync(Methods.PublishDevices, new PublishDevicesRequest { Devices = alice.NextList() });
        Assert.Equal(CloseCode.DeviceRevoked, await onPhone.ClosedAsync());
        RpcClient again = server.Connect();
        var request = new AuthenticateRequest { Device = phone.Ref, Signature = await phone.SignAsync(again.Connection) };
        await again.RefusedAsync(Methods.Authenticate, request, RpcStatus.PermissionDenied, ErrorCodes.DeviceUnknown);
        await client.AskAsync(Methods.Stock, new StockRequest());
    }

    [Fact]
    public async Task Only_the_list_that_follows_is_published()
    {
        await using var server = new TestServer();
        (RpcClient client, TestAccount alice) = await server.JoinAsync("alice");
        (RpcClient other, TestAccount bob) = await server.JoinAsync("bob");
        SignedDeviceList second = alice.NextList();
        SignedDeviceList third = alice.NextList();
        await client.RefusedAsync(Methods.PublishDevices, new PublishDevicesRequest { Devices = third }, RpcStatus.Conflict, ErrorCodes.DeviceListInvalid);
        await other.RefusedAsync(Methods.PublishDevices, new PublishDevicesRequest { Devices = second }, RpcStatus.PermissionDenied, ErrorCodes.DeviceListInvalid);
        await client.AskAsync(Methods.PublishDevices, new PublishDevicesRequest { Devices = second });
        await client.AskAsync(Methods.PublishDevices, new PublishDevicesRequest { Devices = second });
        await client.AskAsync(Methods.PublishDevices, new PublishDevicesRequest { Devices = third });
        DeviceListsResponse chain = await other.AskAsync(Methods.DeviceLists, new DeviceListsRequest { Account = alice.Name, FromVersion = 2 });
        Assert.Equal([second, third], chain.Lists);
    }

    [Fact]
    public async Task Members_of_a_group_are_told_of_a_new_list()
    {
        await using var server = new TestServer();
        (RpcClient client, TestAccount alice) = await server.JoinAsync("alice");
        (RpcClient other, TestAccount bob) = await server.JoinAsync("bob");
        var group = new TestGroup();
        await group.CreateAsync(client, alice.Device);
        await group.CommitAsync(client, added: [bob.Device]);
        await client.AskAsync(Methods.PublishDevices, new PublishDevicesRequest { Devices = alice.NextList() });
        DevicesChangedPush push = await other.PushAsync(Events.DevicesChanged);
        Assert.Equal((alice.Name, 2UL), (push.Account, push.Version));
    }

    [Fact]
    public async Task Registrations_from_one_address_are_limited()
    {
        await using var server = new TestServer(static options => options.Limits.RegistrationBurst = 2);
        RpcClient client = server.Connect(static connection => new ConnectionFrom(connection, "203.0.113.7:4711"));
        await new TestAccount("a@test.example").RegisterAsync(client);
        await new TestAccount("b@test.example").RegisterAsync(client);
        RpcException refusal = await client.RefusedAsync(
            Methods.Register, new RegisterRequest { Devices = new TestAccount("c@test.example").Lists[0] }, RpcStatus.ResourceExhausted, ErrorCodes.RateLimited);
        Assert.InRange(refusal.RetryAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(2));
    }
}
