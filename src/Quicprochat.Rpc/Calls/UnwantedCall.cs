namespace Quicprochat.Rpc.Calls;

/// <summary>
/// Cancels a call whose caller stops reading: it has given the call up. Every answered call's stream ends, too, so the watch is let go before the answer is written; without that each call
/// would end in an exception about what is disposed already.
/// </summary>
internal sealed class UnwantedCall : IDisposable
{
    private CancellationTokenSource? _call;

    /// <summary>Watches until it is disposed.</summary>
    public UnwantedCall(Task writesClosed, CancellationTokenSource call)
    {
        _call = call;
        writesClosed.ContinueWith(
            static (closed, state) =>
            {
                // A task that failed wants to be looked at.
                _ = closed.Exception;
                ((UnwantedCall)state!).Cancel();
            },
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>The call is over: nothing is cancelled any more.</summary>
    public void Dispose() => Interlocked.Exchange(ref _call, null);

    private void Cancel()
    {
        try
        {
            Interlocked.Exchange(ref _call, null)?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended in this very moment.
        }
    }
}
