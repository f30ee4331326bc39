namespace Quicprochat.Server.Storage.Changes;

/// <summary>Reads a mailbox out of what was just stored while it keeps up, and by queries while it does not.</summary>
/// <param name="hub">Who tells what came.</param>
/// <param name="device">The store's number of the device.</param>
/// <param name="cursor">Where to begin.</param>
/// <param name="read">The query.</param>
internal sealed class MailboxReader(
    MailboxHub hub, int device, long cursor, Func<long, PageBounds, CancellationToken, ValueTask<MailboxPage>> read) : IMailboxReader
{
    private const int RecentCountMax = 64;
    private const int RecentBytesMax = 256 * 1024;

    private readonly Lock _gate = new();

    // A run without gaps, whose last number is the newest.
    private readonly Queue<StoredEnvelope> _recent = new();
    private TaskCompletionSource? _arrival;
    private long _newest;
    private long _recentBytes;

    /// <inheritdoc/>
    public long Position { get; private set; } = cursor;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredEnvelope>> ReadNextAsync(PageBounds bounds, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task? arrival = null;
            lock (_gate)
            {
                if (TryTake(bounds) is { } taken)
                {
                    return taken;
                }
                if (_newest <= Position)
                {
                    _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    arrival = _arrival.Task;
                }
            }
            if (arrival is not null)
            {
                await arrival.WaitAsync(cancellationToken);
                continue;
            }
            MailboxPage page = await read(Position, bounds, cancellationToken);
            if (page.Envelopes.Count > 0)
            {
                Position = page.Envelopes[^1].Sequence;
                return page.Envelopes;
            }

            // What came after the position was acknowledged elsewhere, or its time was over.
            Position = Math.Max(Position, page.State.Newest);
        }
    }

    /// <summary>Something came.</summary>
    public void Offer(long sequence, StoredMessage? message)
    {
        TaskCompletionSource? arrival;
        lock (_gate)
        {
            if (sequence <= _newest)
            {
                return;
            }
            if (message is null || sequence != _newest + 1)
            {
                _recent.Clear();
                _recentBytes = 0;
            }
            _newest = sequence;
            if (message is not null)
            {
                _recent.Enqueue(new StoredEnvelope(sequence, message));
                _recentBytes += message.Payload.Bytes.Length;
                while (_recent.Count > RecentCountMax || _recentBytes > RecentBytesMax)
                {
                    Drop();
                }
            }
            (arrival, _arrival) = (_arrival, null);
        }
        arrival?.TrySetResult();
    }

    /// <inheritdoc/>
    public void Dispose() => hub.Remove(device, this);

    // Null unless the next number is at hand.
    private List<StoredEnvelope>? TryTake(PageBounds bounds)
    {
        while (_recent.TryPeek(out StoredEnvelope first) && first.Sequence <= Position)
        {
            Drop();
        }
        if (!_recent.TryPeek(out StoredEnvelope next) || next.Sequence != Position + 1)
        {
            return null;
        }
        var taken = new List<StoredEnvelope>();
        long bytes = 0;
        while (taken.Count < bounds.Count && _recent.TryPeek(out next))
        {
            bytes += next.Message.Payload.Bytes.Length;
            if (taken.Count > 0 && bytes > bounds.Bytes)
            {
                break;
            }
            taken.Add(next);
            Drop();
        }
        Position = taken[^1].Sequence;
        return taken;
    }

    private void Drop() => _recentBytes -= _recent.Dequeue().Message.Payload.Bytes.Length;
}
