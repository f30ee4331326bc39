using Microsoft.Extensions.Logging;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Conversations;
using Quicprochat.Sdk.Session;

namespace Quicprochat.Sdk.Sync;

/// <summary>Tells the server what is on this disk: one call at a time, always with the newest number.</summary>
internal sealed class Acknowledger(ClientState client, ServerSession session)
{
    private readonly Lock _lock = new();
    private ulong _stored;
    private ulong _told;
    private bool _running;
    private Task _telling = Task.CompletedTask;

    public void Note(ulong cursor)
    {
        lock (_lock)
        {
            _stored = Math.Max(_stored, cursor);
            if (_running || _stored == _told)
            {
                return;
            }
            _running = true;
            _telling = client.RunAsync(TellAsync);
        }
    }

    /// <summary>Waits until the server was told of everything that is stored now, or cannot be told.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Task telling;
        lock (_lock)
        {
            telling = _telling;
        }
        await telling.WaitAsync(cancellationToken);
    }

    private async Task TellAsync()
    {
        while (true)
        {
            ulong upTo;
            lock (_lock)
            {
                if (_stored == _told)
                {
                    _running = false;
                    return;
                }
                upTo = _stored;
            }
            try
            {
                await session.CallAsync(Methods.Acknowledge, new AcknowledgeRequest { UpTo = upTo }, CancellationToken.None);
            }
            catch (Exception e)
            {
                // The next number says this one, too.
                client.Logger.LogDebug(e, "An acknowledgement was not taken");
                lock (_lock)
                {
                    _running = false;
                    return;
                }
            }
            lock (_lock)
            {
                _told = Math.Max(_told, upTo);
            }
        }
    }
}
