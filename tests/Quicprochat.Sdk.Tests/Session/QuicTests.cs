using System.Net;
using Quicprochat.Server.Hosting;

namespace Quicprochat.Sdk.Tests.Session;

/// <summary>Over real QUIC, with the real database of the server.</summary>
public sealed class QuicTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_talk_over_quic_and_the_server_restarts_in_between()
    {
        QpcServerOptions options = ServerOptions(0);
        QpcServer server = await QpcServer.StartAsync(options, Cancellation);
        var address = ServerAddress.Parse(server.Address);
        options.Listen = server.EndPoint;
        await using QpcClient alice = await QpcClient.CreateAsync(Options("alice"), new RegisterOptions { Account = "alice", Server = address }, Cancellation);
        await using QpcClient bob = await QpcClient.CreateAsync(Options("bob"), new RegisterOptions { Account = "bob", Server = address }, Cancellation);
        var bobs = new Watch(bob);
        Conversation direct = await alice.GetDirectAsync("bob", Cancellation);
        await direct.SendTextAndWaitAsync("one", Cancellation);
        Assert.Contains("X25519MLKEM768", alice.Security, StringComparison.Ordinal);

        await server.DisposeAsync();
        await direct.SendTextAsync("two", Cancellation);
        server = await RestartAsync(options);
        await direct.SendTextAndWaitAsync("three", Cancellation);
        await bobs.TextsAsync("one", "two", "three");
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_key_that_nobody_named_is_shown_and_pinned_and_another_one_is_refused()
    {
        QpcServerOptions options = ServerOptions(0);
        await using QpcServer server = await QpcServer.StartAsync(options, Cancellation);
        var bare = ServerAddress.Parse($"127.0.0.1:{server.EndPoint.Port}");
        var register = new RegisterOptions { Account = "alice", Server = bare };

        QpcException unknown = await Assert.ThrowsAsync<QpcException>(() => QpcClient.CreateAsync(Options("alice"), register, Cancellation));
        Assert.Equal(QpcError.ServerKeyUnknown, unknown.Error);
        QpcClientOptions refuses = Options("alice") with { ConfirmServerKey = static (_, _) => ValueTask.FromResult(false) };
        Assert.Equal(QpcError.ServerKeyUnknown, (await Assert.ThrowsAsync<QpcException>(() => QpcClient.CreateAsync(refuses, register, Cancellation))).Error);

        UnknownServerKey? shown = null;
        QpcClientOptions confirms = Options("alice") with { ConfirmServerKey = (key, _) => { shown = key; return ValueTask.FromResult(true); } };
        await using (QpcClient alice = await QpcClient.CreateAsync(confirms, register, Cancellation))
        {
            Assert.Equal(server.Fingerprint, shown!.Address.Fingerprint);
            Assert.Equal(server.Fingerprint, alice.Server.Fingerprint);
        }
        await using (QpcClient again = await QpcClient.OpenAsync(Options("alice"), Cancellation))
        {
            await again.ConnectAsync(Cancellation);
            Assert.Equal(ConnectionState.Connected, again.State);
        }

        // The same place with another key.
        int port = server.EndPoint.Port;
        await server.DisposeAsync();
        await using QpcServer impostor = await RestartAsync(ServerOptions(port, "impostor"));
        await using QpcClient wary = await QpcClient.OpenAsync(Options("alice") with { ConfirmServerKey = static (_, _) => ValueTask.FromResult(true) }, Cancellation);
        Assert.Equal(QpcError.ServerKeyChanged, (await Assert.ThrowsAsync<QpcException>(() => wary.ConnectAsync(Cancellation))).Error);
    }

    [Fact]
    public async Task An_unknown_host_and_a_silent_one_have_names()
    {
        var nowhere = new RegisterOptions { Account = "alice", Server = ServerAddress.Parse("no-such-host.invalid") };
        QpcException unknown = await Assert.ThrowsAsync<QpcException>(() => QpcClient.CreateAsync(Options("alice"), nowhere, Cancellation));

        Assert.Equal(QpcError.HostUnknown, unknown.Error);
        Assert.NotEmpty(unknown.Remedy);
        Assert.False(Directory.Exists(_folder["alice"]));
    }

    /// <summary>The socket of the server before goes when its connections have said good-bye.</summary>
    private static async Task<QpcServer> RestartAsync(QpcServerOptions options)
    {
        while (true)
        {
            try
            {
                return await QpcServer.StartAsync(options, Cancellation);
            }
            catch (QpcServerException e) when (e.Error == QpcServerError.AddressInUse)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
            }
        }
    }

    private QpcServerOptions ServerOptions(int port, string folder = "server") =>
        new() { DataFolder = _folder[folder], Listen = new IPEndPoint(IPAddress.Loopback, port), Name = "quic.example" };

    private QpcClientOptions Options(string profile) => new()
    {
        ProfilePath = _folder[profile],
        Key = Sdk.Store.StoreKey.FromBytes([.. Enumerable.Repeat((byte)3, 32)]),
        Reconnect = new ReconnectOptions { FirstDelay = TimeSpan.FromMilliseconds(20), DelayMax = TimeSpan.FromMilliseconds(200) },
    };
}
