using Microsoft.Extensions.Logging;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;

namespace Quicprochat.Sdk.Session;

/// <summary>Dials the server, with the key that is pinned for it. A key that nobody knows is shown to the user, once, and pinned.</summary>
internal sealed class ServerDoor
{
    private readonly QpcClientOptions _options;
    private readonly ServerDialer _dial;

    public ServerDoor(QpcClientOptions options, ServerAddress address)
    {
        _options = options;
        _dial = options.Dial ?? DialQuicAsync;
        Address = address;
    }

    /// <summary>Where, with the key once it is pinned.</summary>
    public ServerAddress Address { get; private set; }

    /// <summary>Keeps a key that the user confirmed.</summary>
    public Func<ServerAddress, Task> KeepAsync { get; set; } = static _ => Task.CompletedTask;

    /// <exception cref="QpcException">There is no connection to be had.</exception>
    public async Task<RpcClient> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Client(await _dial(Address, Address.KeyHash, cancellationToken));
        }
        catch (RpcConnectionException e) when (e.Error == RpcConnectionError.Untrusted && e.ShownKeyHash.Length > 0 && _options.ConfirmServerKey is { } confirm)
        {
            ServerAddress shown = Address.WithKey(e.ShownKeyHash.Span);
            if (!await confirm(new UnknownServerKey(shown), cancellationToken))
            {
                throw Problems.ExplainAll(e);
            }
            RpcClient client = Client(await DialAgainAsync(shown, cancellationToken));
            Address = shown;
            await KeepAsync(shown);
            return client;
        }
        catch (RpcConnectionException e)
        {
            throw Problems.ExplainAll(e);
        }
    }

    private async Task<IRpcConnection> DialAgainAsync(ServerAddress shown, CancellationToken cancellationToken)
    {
        try
        {
            return await _dial(shown, shown.KeyHash, cancellationToken);
        }
        catch (RpcConnectionException e)
        {
            throw Problems.ExplainAll(e);
        }
    }

    private RpcClient Client(IRpcConnection connection) => new(connection, new RpcClientOptions
    {
        Logger = _options.LoggerFactory.CreateLogger<RpcClient>(),
        TimeProvider = _options.TimeProvider,
    });

    private async ValueTask<IRpcConnection> DialQuicAsync(ServerAddress address, ReadOnlyMemory<byte>? pin, CancellationToken cancellationToken) =>
        await QuicRpc.DialAsync(new DialOptions { Host = address.Host, Port = address.Port, Pin = pin, LoggerFactory = _options.LoggerFactory }, cancellationToken);
}
