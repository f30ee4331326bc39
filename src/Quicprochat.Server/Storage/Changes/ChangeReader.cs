namespace Quicprochat.Server.Storage.Changes;

/// <summary>A bounded queue of changes; what does not fit is replaced by one <see cref="StoreChange.Missed"/>.</summary>
/// <param name="hub">Who fills it.</param>
internal sealed class ChangeReader(ChangeHub hub) : IChangeReader
{
    private const int CountMax = 1024;

    private readonly Lock _gate = new();
    private readonly Queue<StoreChange> _queue = new();
    private TaskCompletionSource? _arrival;

    /// <inheritdoc/>
    public async ValueTask<StoreChange> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrival;
            lock (_gate)
            {
                if (_queue.TryDequeue(out StoreChange? change))
                {
                    return change;
                }
                _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrival = _arrival.Task;
            }
            await arrival.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Something changed.</summary>
    public void Offer(StoreChange change)
    {
        TaskCompletionSource? arrival;
        lock (_gate)
        {
            if (_queue.Count == CountMax)
            {
                _queue.Clear();
                change = new StoreChange.Missed();
            }
            _queue.Enqueue(change);
            (arrival, _arrival) = (_arrival, null);
        }
        arrival?.TrySetResult();
    }

    /// <inheritdoc/>
    public void Dispose() => hub.Remove(this);
}
