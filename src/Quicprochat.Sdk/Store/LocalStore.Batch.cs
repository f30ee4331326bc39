namespace Quicprochat.Sdk.Store;

/// <content>Calls that wait at the same time share a commit, and fail alone where they can.</content>
internal sealed partial class LocalStore
{
    private void RunBatch(List<StoreCall> batch)
    {
        int next = 0;
        while (next < batch.Count)
        {
            next = RunShared(batch, next);
        }
    }

    /// <summary>Runs calls from <paramref name="first"/> in one transaction, up to the last one, or to one that took the transaction with it; the one to go on with.</summary>
    private int RunShared(List<StoreCall> batch, int first)
    {
        var done = new List<(StoreCall Call, StoreTransaction Transaction)>();
        int next = first;
        try
        {
            Begin();
            while (next < batch.Count)
            {
                RunOne(batch[next++], done);
            }
            _session.Database.Commit();
        }
        catch (StoreException exception)
        {
            Undo(done, exception);
            if (next == first)
            {
                // Not even a beginning: this call fails, the next one tries again.
                batch[next++].Fail(exception);
            }
            return next;
        }
        ScheduleTruncation(done);
        foreach ((StoreCall call, StoreTransaction transaction) in done)
        {
            Tell(transaction.Committed);
            call.Succeed();
        }
        return next;
    }

    private void Tell(Action listeners)
    {
        try
        {
            listeners();
        }
        catch (Exception exception)
        {
            // A bug of whoever listens; it changes nothing about what was stored, and the next one is told.
            LogListenerFailed(_options.Logger, exception);
        }
    }

    private void Begin()
    {
        if (_broken is not null)
        {
            throw new StoreException(_broken.Code, _broken.Problem, _broken.Remedy, _broken);
        }
        _session.Database.Begin();
    }

    /// <summary>Runs one call within the shared transaction. Throws when the shared transaction is gone, after the call was told.</summary>
    private void RunOne(StoreCall call, List<(StoreCall Call, StoreTransaction Transaction)> done)
    {
        if (call.CancellationToken.IsCancellationRequested)
        {
            call.Cancel();
            return;
        }
        var transaction = new StoreTransaction(_tables, call.Writes);
        _session.Enter(transaction);
        try
        {
            if (call.Writes)
            {
                _session.Database.SetSavepoint();
            }
            call.Run(transaction);
            if (!_session.Database.InTransaction)
            {
                // The function went on as if nothing had been.
                throw Lost();
            }
            if (call.Writes)
            {
                _session.Database.ReleaseSavepoint();
            }
            done.Add((call, transaction));
        }
        catch (Exception exception)
        {
            // Whatever the function throws is its caller's; the others' work stands unless the transaction went with it.
            StoreException? lost = call.Writes ? UndoOne() : null;
            Tell(transaction.RolledBack);
            call.Fail(exception);
            if (lost is not null || !_session.Database.InTransaction)
            {
                throw lost ?? Lost();
            }
        }
        finally
        {
            transaction.Close();
            _session.Leave();
        }
    }

    /// <summary>What made SQLite end the shared transaction.</summary>
    private StoreException Lost() => _session.Database.LastError
        ?? new StoreException(StoreErrorCode.InputOutput, "The transaction ended by itself.", "Check the disk and the system's log.");

    private StoreException? UndoOne()
    {
        if (!_session.Database.InTransaction)
        {
            return null;
        }
        try
        {
            _session.Database.RollBackToSavepoint();
            _session.Database.ReleaseSavepoint();
            return null;
        }
        catch (StoreException exception)
        {
            return exception;
        }
    }

    private void Undo(List<(StoreCall Call, StoreTransaction Transaction)> done, StoreException exception)
    {
        try
        {
            if (_session.Database.InTransaction)
            {
                _session.Database.RollBack();
            }
        }
        catch (StoreException second)
        {
            // The state of the file is known again only when it is opened anew.
            _broken = second;
        }
        if (_session.Database.IsSuspect)
        {
            _broken ??= exception;
        }
        for (int i = done.Count - 1; i >= 0; i--)
        {
            Tell(done[i].Transaction.RolledBack);
        }
        foreach ((StoreCall call, _) in done)
        {
            call.Fail(exception);
        }
    }

    private void ScheduleTruncation(List<(StoreCall Call, StoreTransaction Transaction)> done)
    {
        if (!done.Exists(static item => item.Call.Writes))
        {
            return;
        }
        lock (_gate)
        {
            if (_session.Database.LogLength > _options.LogLengthMax)
            {
                _truncationDue = true;
            }
            else if (!_timerSet)
            {
                _timerSet = _timer.Change(_options.TruncateAfter, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void TruncateIfDue()
    {
        TaskCompletionSource[] waiters;
        lock (_gate)
        {
            if (!_truncationDue)
            {
                return;
            }
            _truncationDue = false;
            waiters = [.. _truncations];
            _truncations.Clear();
        }
        try
        {
            _session.Database.TruncateLog();
            Array.ForEach(waiters, static waiter => waiter.TrySetResult());
        }
        catch (StoreException exception)
        {
            // Nothing is lost: the log holds it. The next write asks again.
            LogTruncationFailed(_options.Logger, exception);
            Array.ForEach(waiters, waiter => waiter.TrySetException(exception));
        }
    }
}
