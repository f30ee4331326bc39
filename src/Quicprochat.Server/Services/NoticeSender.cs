using System.Threading.Channels;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;

namespace Quicprochat.Server.Services;

/// <summary>Sends a connection's small pushes one after the other, so that whoever has something to tell never waits for a slow reader.</summary>
internal sealed class NoticeSender : IDisposable
{
    // A client that does not read has more to catch up with than these when it comes back.
    private const int WaitingMax = 64;

    private readonly Channel<Notice> _waiting = Channel.CreateBounded<Notice>(new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly CancellationTokenSource _stopped = new();
    private int _disposed;

    public NoticeSender(RpcServerConnection<ClientSession> connection) => _ = RunAsync(connection, _stopped.Token);

    public void Post(Notice notice) => _waiting.Writer.TryWrite(notice);

    /// <summary>Nothing is sent any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _waiting.Writer.TryComplete();
            _stopped.Cancel();
            _stopped.Dispose();
        }
    }

    private async Task RunAsync(RpcServerConnection<ClientSession> connection, CancellationToken stopped)
    {
        try
        {
            await foreach (Notice notice in _waiting.Reader.ReadAllAsync(stopped))
            {
                await notice(connection, stopped);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or RpcConnectionException or RpcStreamAbortedException)
        {
            // The connection ended.
        }
    }
}
