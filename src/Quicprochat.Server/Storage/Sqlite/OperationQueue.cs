namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>A bounded queue from many callers to the store's threads.</summary>
#pragma warning disable CA1001 // The semaphore's wait handle is never asked for, so there is nothing to dispose, and late callers find it as it was.
internal sealed class OperationQueue
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _room;
    private readonly Queue<StoreOperation> _operations = new();
    private bool _closed;

    /// <summary>A queue for so many.</summary>
    public OperationQueue(int countMax) => _room = new SemaphoreSlim(countMax, countMax);

    /// <summary>Has something done; waits while the queue is full.</summary>
    public async ValueTask<T> RunAsync<T>(Func<Session, T> work, bool isRead, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        var operation = new StoreOperation<T>(work, isRead);
        operation.Listen(cancellationToken);
        bool closed;
        lock (_operations)
        {
            closed = _closed;
            if (!closed)
            {
                _operations.Enqueue(operation);
                Monitor.Pulse(_operations);
            }
        }
        if (closed)
        {
            _room.Release();
            operation.Fail(new StorageException(StorageFault.Closed, "The store is closed."));
        }
        return await operation.Answer;
    }

    /// <summary>Takes the next; waits for it. Null once the queue is closed and empty.</summary>
    public StoreOperation? Take()
    {
        lock (_operations)
        {
            while (_operations.Count == 0)
            {
                if (_closed)
                {
                    return null;
                }
                Monitor.Wait(_operations);
            }
            return Dequeue();
        }
    }

    /// <summary>Takes the next if there is one.</summary>
    public StoreOperation? TryTake()
    {
        lock (_operations)
        {
            return _operations.Count == 0 ? null : Dequeue();
        }
    }

    /// <summary>Lets nobody in any more; those that are in are done.</summary>
    public void Close()
    {
        lock (_operations)
        {
            _closed = true;
            Monitor.PulseAll(_operations);
        }
    }

    private StoreOperation Dequeue()
    {
        _room.Release();
        return _operations.Dequeue();
    }
}
