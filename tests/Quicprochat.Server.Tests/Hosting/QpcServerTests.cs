using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Quicprochat.Mls;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Rpc.Pushes;
using Quicprochat.Server.Hosting;

namespace Quicprochat.Server.Tests.Hosting;

/// <summary>The server as it is run: sockets, TLS, SQLite.</summary>
public sealed class QpcServerTests
{
    [Fact]
    public async Task A_message_goes_from_a_registration_to_a_reconnection_with_a_cursor()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync();
        (RpcClient alice, TestAccount aliceAccount) = await server.JoinAsync("alice");
        (RpcClient bob, TestAccount bobAccount) = await server.JoinAsync("bob");

        // Bob's key packages are there to be taken once each.
        var packages = new TestKeyPackages(CipherSuite.MlKem768X25519Aes256GcmSha384Ed25519);
        UploadKeyPackagesResponse uploaded = await bob.AskAsync(
            Methods.UploadKeyPackages, new UploadKeyPackagesRequest { KeyPackages = { packages.Make(2) }, LastResort = ByteString.CopyFrom(packages.Make(lastResort: true)) });
        Assert.Equal((2U, 100U, true), (uploaded.Stock[^1].Count, uploaded.Stock[^1].Wanted, uploaded.Stock[^1].HasLastResort));
        FetchKeyPackagesResponse fetched = await alice.AskAsync(Methods.FetchKeyPackages, new FetchKeyPackagesRequest { Account = bobAccount.Name, CipherSuite = 0xF001 });
        Assert.Equal((bobAccount.Device.Ref.DeviceId, false), (fetched.Packages[0].DeviceId, fetched.Packages[0].LastResort));

        // A group, and its first commit; a second one behind the same entry is too late and is told who was faster.
        var group = new TestGroup();
        await group.CreateAsync(alice, aliceAccount.Device);
        await bob.AskAsync(Methods.Subscribe, new SubscribeRequest());
        CommitRequest slower = group.Commit();
        await group.CommitAsync(alice, added: [bobAccount.Device]);
        RpcException conflict = await alice.RefusedAsync(Methods.Commit, slower, RpcStatus.Conflict, ErrorCodes.GroupConflict);
        Assert.Equal(bobAccount.Device.Ref, LogEntryBody.Parser.ParseFrom(LogEntry.Parser.ParseFrom(conflict.Detail.Span).Body).Added.Single());

        // The Welcome, then messages, pushed in order.
        SendRequest[] messages = [.. Enumerable.Range(0, 5).Select(_ => group.Message())];
        foreach (SendRequest message in messages)
        {
            Assert.Equal(1U, (await alice.AskAsync(Methods.Send, message)).Recipients);
        }
        List<Envelope> pushed = await bob.EnvelopesAsync(6);
        Assert.Equal(EnvelopeKind.Welcome, pushed[0].Kind);
        Assert.Equal(messages.Select(static message => message.Payload), pushed.Skip(1).Select(static envelope => envelope.Payload));
        await bob.AskAsync(Methods.Acknowledge, new AcknowledgeRequest { UpTo = pushed[2].Sequence });

        // What was not acknowledged comes again, over a restart too.
        await server.RestartAsync();
        RpcClient again = await server.DialAsync();
        AuthenticateResponse authenticated = await bobAccount.Device.AuthenticateAsync(again);
        Assert.Equal((pushed[5].Sequence, pushed[2].Sequence), (authenticated.NewestSequence, authenticated.Acknowledged));
        await again.AskAsync(Methods.Subscribe, new SubscribeRequest { Cursor = pushed[3].Sequence });
        Assert.Equal(pushed.Skip(4).Select(static envelope => envelope.Sequence), (await again.EnvelopesAsync(2)).Select(static envelope => envelope.Sequence));
    }

    [Fact]
    public async Task The_address_names_port_and_fingerprint_which_stay_over_a_restart()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(static options => options.Name = null);
        string fingerprint = server.Server.Fingerprint;
        string name = server.Server.Name;
        Assert.Equal($"127.0.0.1:{server.Server.EndPoint.Port}#{fingerprint}", server.Server.Address);
        Assert.Equal($"localhost:{server.Server.EndPoint.Port}", name);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(server.Options.DataFolder, "key.pem")));
        }
        await server.RestartAsync();
        Assert.Equal((fingerprint, name), (server.Server.Fingerprint, server.Server.Name));
    }

    [Fact]
    public async Task A_signature_of_another_connection_proves_nothing_over_TLS_either()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync();
        (RpcClient first, TestAccount alice) = await server.JoinAsync("alice");
        RpcClient second = await server.DialAsync();
        var request = new AuthenticateRequest { Device = alice.Device.Ref, Signature = await alice.Device.SignAsync(first.Connection) };
        await second.RefusedAsync(Methods.Authenticate, request, RpcStatus.Unauthenticated, ErrorCodes.AuthenticationFailed);
        await alice.Device.AuthenticateAsync(second);
    }

    [Fact]
    public async Task Stopping_tells_everybody_and_closes_with_its_code()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync();
        (RpcClient alice, _) = await server.JoinAsync("alice");
        await server.Server.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal((uint)server.Options.DrainTimeout.TotalMilliseconds, (await alice.PushAsync(Events.Draining)).ClosesInMs);
        Assert.Equal(CloseCode.Draining, await alice.ClosedAsync());
    }

    [Fact]
    public async Task A_client_that_dies_in_the_middle_of_a_call_costs_nobody_anything()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        Task<SendResponse>[] calls = [.. Enumerable.Range(0, 50).Select(_ => alice.AskAsync(Methods.Send, group.Message(100_000)))];
        await alice.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(calls));
        RpcClient again = await server.DialAsync(account.Device);
        await again.AskAsync(Methods.Send, group.Message());
    }

    [Fact]
    public async Task More_connections_than_allowed_are_refused()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(static options => options.Limits.ConnectionsMax = 1);
        RpcClient first = await server.DialAsync();
        await first.AskAsync(Methods.Health, new HealthRequest());
        RpcConnectionException refused = await Assert.ThrowsAsync<RpcConnectionException>(server.DialAsync);
        Assert.Equal(RpcConnectionError.Refused, refused.Error);
        await first.AskAsync(Methods.Health, new HealthRequest());
    }

    [Fact]
    public async Task An_invitation_can_be_made_beside_the_running_server()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(static options => options.Registration = RegistrationPolicy.Invite);
        string inside = await server.Server.CreateInviteAsync(1, TimeSpan.FromDays(1), TestContext.Current.CancellationToken);
        string beside = await QpcServer.CreateInviteAsync(server.Options, 1, TimeSpan.FromDays(1), TestContext.Current.CancellationToken);
        RpcClient client = await server.DialAsync();
        await client.AskAsync(Methods.Register, new RegisterRequest { Devices = new TestAccount($"a@{TestServer.Name}").Lists[0], Invite = inside });
        await client.AskAsync(Methods.Register, new RegisterRequest { Devices = new TestAccount($"b@{TestServer.Name}").Lists[0], Invite = beside });
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        QpcServerException failure = await FailsAsync(options => options.Listen = (IPEndPoint)taken.LocalEndPoint!);
        Assert.Equal(QpcServerError.AddressInUse, failure.Error);
        Assert.Contains($"{((IPEndPoint)taken.LocalEndPoint!).Port}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_named() =>
        Assert.Equal(QpcServerError.AddressUnusable, (await FailsAsync(static options => options.Listen = new IPEndPoint(IPAddress.Parse("203.0.113.7"), 5001))).Error);

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder["file"], "", TestContext.Current.CancellationToken);
        Assert.Equal(QpcServerError.DataFolderUnusable, (await FailsAsync(options => options.DataFolder = Path.Combine(folder["file"], "data"))).Error);
    }

    [Fact]
    public async Task A_folder_of_another_server_is_named()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync();
        await server.Server.StopAsync(TestContext.Current.CancellationToken);
        QpcServerException failure = await FailsAsync(options => (options.DataFolder, options.Name) = (server.Options.DataFolder, "other.example"));
        Assert.Equal(QpcServerError.NameChanged, failure.Error);
    }

    [Fact]
    public async Task A_damaged_database_is_named_and_left_alone()
    {
        using var folder = new TestFolder();
        byte[] garbage = [.. Enumerable.Repeat((byte)'x', 8192)];
        await File.WriteAllBytesAsync(folder["server.db"], garbage, TestContext.Current.CancellationToken);
        Assert.Equal(QpcServerError.DatabaseDamaged, (await FailsAsync(options => options.DataFolder = folder.Path)).Error);
        Assert.Equal(garbage, await File.ReadAllBytesAsync(folder["server.db"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_key_of_another_certificate_is_named()
    {
        await using LoopbackServer one = await LoopbackServer.StartAsync();
        await using LoopbackServer other = await LoopbackServer.StartAsync();
        QpcServerException failure = await FailsAsync(options =>
            (options.CertificateFile, options.KeyFile) = (Path.Combine(one.Options.DataFolder, "certificate.pem"), Path.Combine(other.Options.DataFolder, "key.pem")));
        Assert.Equal(QpcServerError.CertificateUnusable, failure.Error);
        failure = await FailsAsync(static options => (options.CertificateFile, options.KeyFile) = ("/nowhere/certificate.pem", "/nowhere/key.pem"));
        Assert.Equal(QpcServerError.CertificateUnusable, failure.Error);
    }

    [Fact]
    public async Task Files_of_a_certificate_are_shown()
    {
        await using LoopbackServer first = await LoopbackServer.StartAsync();
        await using LoopbackServer second = await LoopbackServer.StartAsync(options =>
            (options.CertificateFile, options.KeyFile) = (Path.Combine(first.Options.DataFolder, "certificate.pem"), Path.Combine(first.Options.DataFolder, "key.pem")));
        Assert.Equal(first.Server.Fingerprint, second.Server.Fingerprint);
        await (await second.DialAsync()).AskAsync(Methods.Health, new HealthRequest());
    }

    [Fact]
    public async Task All_faults_of_the_options_are_told_at_once()
    {
        QpcServerException failure = await FailsAsync(static options =>
        {
            options.DataFolder = "";
            options.Name = "NO NAME";
            options.KeyFile = "key.pem";
            options.MessageRetention = TimeSpan.Zero;
            options.Limits.CallBurst = 0;
            options.CipherSuites = [];
        });
        Assert.Equal(QpcServerError.OptionsInvalid, failure.Error);
        string[] lines = failure.Message.Split(Environment.NewLine);
        Assert.Equal(6, lines.Length);
        Assert.All(["DataFolder", "Name", "CertificateFile", "MessageRetention", "CallBurst", "CipherSuites"], name => Assert.Contains(lines, line => line.Contains(name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_host_starts_and_stops_it_and_refuses_wrong_options()
    {
        using var folder = new TestFolder();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddQpcServer(options => (options.DataFolder, options.Listen) = (folder.Path, new IPEndPoint(IPAddress.Loopback, 0)));
        using (IHost host = builder.Build())
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            Assert.NotEqual(0, host.Services.GetRequiredService<QpcServerService>().Server.EndPoint.Port);
            await host.StopAsync(TestContext.Current.CancellationToken);
        }
        builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddQpcServer(static options => options.IdleTimeout = TimeSpan.Zero);
        using IHost wrong = builder.Build();
        OptionsValidationException refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => wrong.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("IdleTimeout", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<QpcServerException> FailsAsync(Action<QpcServerOptions> configure)
    {
        using var folder = new TestFolder();
        var options = new QpcServerOptions { DataFolder = folder.Path, Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        configure(options);
        return await Assert.ThrowsAsync<QpcServerException>(() => QpcServer.StartAsync(options, TestContext.Current.CancellationToken));
    }
}
