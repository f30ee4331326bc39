using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Server.Hosting;
using Quicprochat.Server.Services;
using Quicprochat.Server.Storage;
using Quicprochat.Server.Storage.Memory;

namespace Quicprochat.Server.Tests;

/// <summary>A whole server but for its socket: connections in memory.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Name = "test.example";

    private static readonly byte[] _keyHash = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];

    private readonly TestFolder _folder = new();
    private readonly List<RpcClient> _clients = [];

    public TestServer(Action<QpcServerOptions>? configure = null, TimeProvider? clock = null, Func<IServerStore, IServerStore>? wrap = null)
    {
        var options = new QpcServerOptions { DataFolder = _folder.Path };
        configure?.Invoke(options);
        IServerStore store = new MemoryStore();
        Core = new ServerCore(wrap?.Invoke(store) ?? store, options, new ServerIdentity(Name, _keyHash), clock ?? TimeProvider.System, Logs);
    }

    public ServerCore Core { get; }

    public TestLogs Logs { get; } = new();

    public RpcClient Connect() => Connect(static server => server);

    /// <summary>A connection whose server's end is seen by the server as <paramref name="wrap"/> shows it.</summary>
    public RpcClient Connect(Func<IRpcConnection, IRpcConnection> wrap)
    {
        (MemoryRpcConnection client, MemoryRpcConnection server) = MemoryRpcConnection.CreatePair(_keyHash);
        Core.Serve(wrap(server));
        var rpc = new RpcClient(client);
        _clients.Add(rpc);
        return rpc;
    }

    /// <summary>A registered account with one device, connected.</summary>
    public async Task<(RpcClient Client, TestAccount Account)> JoinAsync(string name)
    {
        var account = new TestAccount($"{name}@{Name}");
        RpcClient client = Connect();
        await account.RegisterAsync(client);
        await account.Device.AuthenticateAsync(client);
        return (client, account);
    }

    /// <summary>Another connection of a device.</summary>
    public async Task<RpcClient> ConnectAsync(TestDevice device)
    {
        RpcClient client = Connect();
        await device.AuthenticateAsync(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RpcClient client in _clients)
        {
            await client.DisposeAsync();
        }
        await Core.DisposeAsync();
        _folder.Dispose();
        Assert.Empty(Logs.Faults);
    }
}
