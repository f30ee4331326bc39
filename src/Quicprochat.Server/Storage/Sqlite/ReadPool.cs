namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>Threads that read, each on a connection of its own; the writer never waits for them, nor they for it.</summary>
internal sealed class ReadPool : IAsyncDisposable
{
    private const int WaitingMax = 4096;

    private readonly OperationQueue _queue = new(WaitingMax);
    private readonly List<Task> _ends = [];

    /// <summary>Starts a thread for each session; the pool closes them at its end.</summary>
    public ReadPool(IEnumerable<Session> sessions)
    {
        foreach (Session session in sessions)
        {
            _ends.Add(StoreThread.Start("qpc store reader", () => Work(session)));
        }
    }

    /// <summary>Runs a query on one snapshot.</summary>
    public ValueTask<T> RunAsync<T>(Func<Session, T> work, CancellationToken cancellationToken) => _queue.RunAsync(work, isRead: true, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await Task.WhenAll(_ends);
    }

    private void Work(Session session)
    {
        using (session)
        {
            while (_queue.Take() is { } operation)
            {
                if (operation.TryStart(session))
                {
                    Serve(session, operation);
                }
            }
        }
    }

    private static void Serve(Session session, StoreOperation operation)
    {
        Exception? failure = null;
        try
        {
            session.Database.Use("BEGIN").Run();
            operation.Run(session);
        }
#pragma warning disable CA1031 // The caller gets it, whatever it is.
        catch (Exception caught)
#pragma warning restore CA1031
        {
            failure = caught;
        }
        operation.Finish();
        session.Database.ResetAll();
        if (session.Database.InTransaction)
        {
            session.Database.Use("ROLLBACK").Run();
        }
        if (failure is null)
        {
            operation.Complete();
        }
        else
        {
            operation.Fail(failure);
        }
    }
}
