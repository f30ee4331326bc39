namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>
/// The one thread that writes. What waits when it begins, and what comes while it works, goes into one transaction, so that all share the one wait for the disk;
/// nobody is answered before. Without load a transaction holds one operation and starts at once.
/// </summary>
internal sealed class WriteThread : IAsyncDisposable
{
    private const int BatchMax = 512;

    private readonly OperationQueue _queue;
    private readonly Session _session;
    private readonly Database _database;
    private readonly ChangeTable _changes;
    private readonly Action<Notices> _publish;
    private readonly List<StoreOperation> _batch = [];
    private readonly Task _end;
    private long _dataVersion = -1;

    /// <summary>Starts the thread, which closes the session at its end.</summary>
    public WriteThread(Session session, ChangeTable changes, int queueMax, Action<Notices> publish)
    {
        _session = session;
        _database = session.Database;
        _changes = changes;
        _publish = publish;
        _queue = new OperationQueue(queueMax);
        _end = StoreThread.Start("qpc store writer", Work);
    }

    /// <summary>Runs a change; returns when it is on disk.</summary>
    public ValueTask<T> RunAsync<T>(Func<Session, T> work, CancellationToken cancellationToken) => _queue.RunAsync(work, isRead: false, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _end;
    }

    private void Work()
    {
        using (_session)
        {
            while (_queue.Take() is { } first)
            {
                if (first.TryStart(_session))
                {
                    RunBatch(first);
                }
            }
        }
    }

    private void RunBatch(StoreOperation first)
    {
        _batch.Clear();
        _batch.Add(first);
        if (Attempt(RunAll) is not { } failure)
        {
            return;
        }
        if (_batch.Count == 1)
        {
            first.Fail(failure);
            return;
        }

        // One of them failed and took all with it. Each gets a transaction of its own: only those fail that fail alone.
        StoreOperation[] alone = [.. _batch];
        foreach (StoreOperation operation in alone)
        {
            _batch.Clear();
            _batch.Add(operation);
            if (Attempt(() => operation.Run(_session)) is { } own)
            {
                operation.Fail(own);
            }
        }
    }

    private void RunAll()
    {
        _batch[0].Run(_session);
        while (_batch.Count < BatchMax && _queue.TryTake() is { } next)
        {
            if (next.TryStart(_session))
            {
                _batch.Add(next);
                next.Run(_session);
            }
        }
    }

    // Answers the batch if all of it is on disk; otherwise nothing of it is, and the failure is returned.
    private Exception? Attempt(Action work)
    {
        try
        {
            Begin();
            work();
            if (!_session.Notices.IsEmpty)
            {
                _changes.Write(_session.Notices);
            }
            _database.ResetAll();
            _database.Use("COMMIT").Run();
        }
#pragma warning disable CA1031 // Whatever it is, the transaction is taken back, and the callers are told.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            TakeBack();
            return failure;
        }
        foreach (StoreOperation operation in _batch)
        {
            operation.Complete();
        }
        _publish(_session.Notices);
        _session.Notices.Clear();
        return null;
    }

    private void Begin()
    {
        _database.Use("BEGIN IMMEDIATE").Run();

        // It changes when another connection wrote: what is remembered may be wrong then.
        long version = _database.Int64("PRAGMA data_version");
        if (version != _dataVersion)
        {
            _dataVersion = version;
            _session.Forget();
        }
    }

    private void TakeBack()
    {
        _session.Notices.Clear();
        _session.Forget();
        _database.ResetAll();
        if (_database.InTransaction)
        {
            _database.Use("ROLLBACK").Run();
        }
    }
}
