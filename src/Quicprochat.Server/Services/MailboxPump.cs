using Microsoft.Extensions.Logging;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Rpc.Pushes;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>
/// Pushes one device's mailbox to its subscriber: what is behind the cursor, then what comes, in one order. At most one push is in memory; a reader that is slow holds it back by
/// QUIC's flow control, and the store keeps the rest.
/// </summary>
internal sealed partial class MailboxPump : IDisposable
{
    // What is there goes into one push, up to these.
    private static readonly PageBounds _bounds = new(Count: 256, Bytes: 256 * 1024);

    private readonly IMailboxReader _reader;
    private readonly ServerMeter _meter;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationToken _stopped;
    private int _disposed;

    public MailboxPump(IMailboxReader reader, ServerMeter meter, ILogger logger)
    {
        _reader = reader;
        _meter = meter;
        _logger = logger;
        _stopped = _source.Token;
    }

    /// <summary>Begins; called once.</summary>
    public void Start(ClientSession session) => _ = RunAsync(session);

    /// <summary>Ends it soon.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _source.Cancel();
            _source.Dispose();
        }
    }

    private async Task RunAsync(ClientSession session)
    {
        _meter.OnSubscribed();
        try
        {
            while (true)
            {
                IReadOnlyList<StoredEnvelope> envelopes = await _reader.ReadNextAsync(_bounds, _stopped);
                await PushAsync(session.Rpc, envelopes);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or RpcConnectionException or RpcStreamAbortedException or ObjectDisposedException)
        {
            // The connection ended, or another subscription took over.
        }
        catch (Exception e)
        {
            // A disk that fails, or a bug: the client sees a connection that ends, and subscribes again.
            LogFault(_logger, e);
            await session.Connection.CloseAsync(CloseCode.InternalError, "The mailbox cannot be read.");
        }
        finally
        {
            _reader.Dispose();
            _meter.OnUnsubscribed();
        }
    }

    private async ValueTask PushAsync(RpcServerConnection<ClientSession> connection, IReadOnlyList<StoredEnvelope> envelopes)
    {
        for (int next = 0; next < envelopes.Count;)
        {
            EnvelopesPush push = Fill(envelopes, ref next);
            _meter.OnQueued(push.Envelopes.Count);
            try
            {
                await connection.PushAsync(Events.Envelopes, push, _stopped);
                _meter.OnPushed(push.Envelopes.Count);
            }
            finally
            {
                _meter.OnQueued(-push.Envelopes.Count);
            }
        }
    }

    /// <summary>As many as fit into one push, which for all but the strangest is all.</summary>
    private static EnvelopesPush Fill(IReadOnlyList<StoredEnvelope> envelopes, ref int next)
    {
        var push = new EnvelopesPush();
        push.Envelopes.Capacity = envelopes.Count - next;
        var budget = default(FrameBudget);
        while (next < envelopes.Count && budget.TryTake(envelopes[next]))
        {
            push.Envelopes.Add(envelopes[next++].ToContract());
        }
        return push;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A mailbox cannot be read; its subscriber is cut off.")]
    private static partial void LogFault(ILogger logger, Exception exception);
}
