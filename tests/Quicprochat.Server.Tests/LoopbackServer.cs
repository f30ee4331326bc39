using System.Buffers.Text;
using System.Net;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Server.Hosting;

namespace Quicprochat.Server.Tests;

/// <summary>A whole server on a free UDP port of the loopback, in a folder that it finds again when it is restarted.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly List<RpcClient> _clients = [];

    private LoopbackServer(TestFolder folder, QpcServerOptions options, QpcServer server)
    {
        _folder = folder;
        Options = options;
        Server = server;
    }

    public QpcServerOptions Options { get; }

    public QpcServer Server { get; private set; }

    public static async Task<LoopbackServer> StartAsync(Action<QpcServerOptions>? configure = null)
    {
        var folder = new TestFolder();
        var options = new QpcServerOptions { DataFolder = folder["data"], Listen = new IPEndPoint(IPAddress.Loopback, 0), Name = TestServer.Name };
        configure?.Invoke(options);
        return new LoopbackServer(folder, options, await QpcServer.StartAsync(options, TestContext.Current.CancellationToken));
    }

    public async Task RestartAsync()
    {
        await Server.StopAsync(TestContext.Current.CancellationToken);
        Server = await QpcServer.StartAsync(Options, TestContext.Current.CancellationToken);
    }

    public async Task<RpcClient> DialAsync()
    {
        QuicRpcConnection connection = await QuicRpc.DialAsync(
            new DialOptions { Host = "127.0.0.1", Port = Server.EndPoint.Port, Pin = Base64Url.DecodeFromChars(Server.Fingerprint) }, TestContext.Current.CancellationToken);
        var client = new RpcClient(connection);
        _clients.Add(client);
        return client;
    }

    public async Task<RpcClient> DialAsync(TestDevice device)
    {
        RpcClient client = await DialAsync();
        await device.AuthenticateAsync(client);
        return client;
    }

    public async Task<(RpcClient Client, TestAccount Account)> JoinAsync(string name)
    {
        var account = new TestAccount($"{name}@{Server.Name}");
        RpcClient client = await DialAsync();
        await account.RegisterAsync(client);
        await account.Device.AuthenticateAsync(client);
        return (client, account);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RpcClient client in _clients)
        {
            await client.DisposeAsync();
        }
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
