using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;

namespace Quicprochat.Rpc.Tests;

/// <summary>A client and a server that serves it, over whatever connection it was given.</summary>
internal sealed class RpcWorld : IAsyncDisposable
{
    private readonly IAsyncDisposable? _more;

    private RpcWorld(IRpcConnection client, IRpcConnection server, RpcRegistry<Session> registry, (RpcServerOptions Options, IAsyncDisposable? More) rest)
    {
        ServerEnd = server;
        Client = new RpcClient(client);
        Server = new RpcServerConnection<Session>(server, registry, Session, rest.Options);
        Serving = Server.RunAsync(TestContext.Current.CancellationToken);
        _more = rest.More;
    }

    public Session Session { get; } = new();

    public RpcClient Client { get; }

    public IRpcConnection ServerEnd { get; }

    public RpcServerConnection<Session> Server { get; }

    public Task Serving { get; }

    public static async Task<RpcWorld> OpenAsync(bool quic, RpcRegistry<Session> registry, RpcServerOptions? options = null)
    {
        if (!quic)
        {
            (MemoryRpcConnection client, MemoryRpcConnection server) = MemoryRpcConnection.CreatePair();
            return new RpcWorld(client, server, registry, (options ?? new RpcServerOptions(), null));
        }
        QuicHost host = await QuicHost.StartAsync();
        QuicRpcConnection dialled = await QuicRpc.DialAsync(host.Dial(), TestContext.Current.CancellationToken);
        return new RpcWorld(dialled, await host.AcceptAsync(), registry, (options ?? new RpcServerOptions(), host));
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Serving;
        await ServerEnd.DisposeAsync();
        await (_more?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
