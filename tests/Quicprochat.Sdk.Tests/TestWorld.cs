using Microsoft.Extensions.Logging;
using Quicprochat.Rpc.Connections;
using Quicprochat.Sdk.Store;
using Quicprochat.Server.Hosting;
using Quicprochat.Server.Services;
using Quicprochat.Server.Storage.Sqlite;

namespace Quicprochat.Sdk.Tests;

/// <summary>The real server with its real database, connections in memory, and clients with profiles of their own.</summary>
internal sealed class TestWorld : IAsyncDisposable
{
    public const string ServerName = "test.example";

    private static readonly byte[] _profileKey = [.. Enumerable.Range(0, 32).Select(static i => (byte)(i * 7))];

    private readonly TestFolder _folder = new();
    private readonly List<QpcClient> _clients = [];
    private readonly List<MemoryRpcConnection> _connections = [];
    private readonly Lock _lock = new();
    private readonly Action<QpcServerOptions>? _configure;

    public TestWorld(Action<QpcServerOptions>? configure = null)
    {
        _configure = configure;
        Core = StartServer();
    }

    public ServerCore? Core { get; private set; }

    /// <summary>Makes the server's key another one from the next connection on.</summary>
    public byte[] ServerKey { get; set; } = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string ServerFolder => _folder["server"];

    public string PathOf(string profile) => _folder[profile];

    public QpcClientOptions Options(string profile) => new()
    {
        ProfilePath = PathOf(profile),
        Key = StoreKey.FromBytes(_profileKey),
        Dial = DialAsync,
        Reconnect = new ReconnectOptions { FirstDelay = TimeSpan.FromMilliseconds(5), DelayMax = TimeSpan.FromMilliseconds(50) },
        LoggerFactory = TestLog.Factory,
    };

    public static ServerAddress Address => ServerAddress.Parse("localhost");

    /// <summary>A new account with its first device, connected.</summary>
    public async Task<QpcClient> RegisterAsync(string name, Func<QpcClientOptions, QpcClientOptions>? tweak = null)
    {
        QpcClientOptions options = Options(name);
        QpcClient client = await QpcClient.CreateAsync(tweak?.Invoke(options) ?? options, new RegisterOptions { Account = name, Server = Address, DeviceName = "first" }, Cancellation);
        return Keep(client);
    }

    /// <summary>The profile, opened and connected.</summary>
    public async Task<QpcClient> OpenAsync(string profile, bool connect = true)
    {
        QpcClient client = Keep(await QpcClient.OpenAsync(Options(profile), Cancellation));
        if (connect)
        {
            await client.ConnectAsync(Cancellation);
        }
        return client;
    }

    /// <summary>A further device of a client's account, connected.</summary>
    public async Task<QpcClient> LinkAsync(QpcClient first, string profile)
    {
        QpcClientOptions options = Options(profile);
        string request = await QpcClient.RequestLinkAsync(options, new LinkOptions { Account = first.Account, Server = Address, DeviceName = profile }, Cancellation);
        string approval = await first.ApproveDeviceAsync(request, Cancellation);
        QpcClient client = Keep(await QpcClient.CompleteLinkAsync(options, approval, Cancellation));
        await client.ConnectAsync(Cancellation);
        return client;
    }

    /// <summary>Copies the folder of a profile that is not open.</summary>
    public void CopyProfile(string from, string to)
    {
        Directory.CreateDirectory(PathOf(to));
        foreach (string file in Directory.EnumerateFiles(PathOf(from)))
        {
            File.Copy(file, Path.Combine(PathOf(to), Path.GetFileName(file)));
        }
    }

    public void DeleteProfile(string profile) => Directory.Delete(PathOf(profile), recursive: true);

    /// <summary>Cuts every connection there is.</summary>
    public async Task CutAsync()
    {
        List<MemoryRpcConnection> connections;
        lock (_lock)
        {
            connections = [.. _connections];
            _connections.Clear();
        }
        foreach (MemoryRpcConnection connection in connections)
        {
            await connection.CloseAsync(CloseCode.None, "cut");
        }
    }

    public async Task StopServerAsync()
    {
        if (Core is { } core)
        {
            Core = null;
            await core.DisposeAsync();
        }
    }

    public ServerCore StartServer()
    {
        var options = new QpcServerOptions { DataFolder = ServerFolder };
        _configure?.Invoke(options);
        Directory.CreateDirectory(ServerFolder);
        SqliteStore store = SqliteStore.Open(new SqliteStoreOptions { Path = Path.Combine(ServerFolder, "server.db") });
        Core = new ServerCore(store, options, new ServerIdentity(ServerName, ServerKey), TimeProvider.System, TestLog.Factory);
        return Core;
    }

    public async Task RestartServerAsync()
    {
        await StopServerAsync();
        StartServer();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (QpcClient client in _clients)
        {
            await client.DisposeAsync();
        }
        await StopServerAsync();
        _folder.Dispose();
    }

    public QpcClient Keep(QpcClient client)
    {
        _clients.Add(client);
        return client;
    }

    private ValueTask<IRpcConnection> DialAsync(ServerAddress address, ReadOnlyMemory<byte>? pin, CancellationToken cancellationToken)
    {
        if (Core is not { } core)
        {
            throw new RpcConnectionException(RpcConnectionError.Unreachable, "Nobody answers.");
        }
        if (pin is { } known && !known.Span.SequenceEqual(ServerKey))
        {
            throw new RpcConnectionException(RpcConnectionError.KeyChanged, "Another key.") { ShownKeyHash = ServerKey };
        }
        (MemoryRpcConnection client, MemoryRpcConnection server) = MemoryRpcConnection.CreatePair(ServerKey);
        lock (_lock)
        {
            _connections.Add(client);
        }
        core.Serve(server);
        return ValueTask.FromResult<IRpcConnection>(client);
    }
}
