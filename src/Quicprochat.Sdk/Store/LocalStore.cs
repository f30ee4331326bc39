using Microsoft.Extensions.Logging;
using Quicprochat.Mls.Storage;
using Quicprochat.Sdk.Store.Sealing;
using Quicprochat.Sdk.Store.Sqlite;
using Quicprochat.Sdk.Store.Workers;

namespace Quicprochat.Sdk.Store;

/// <summary>
/// What a client keeps: MLS state, messages, cursors and the outbox in one SQLite file of which every row is sealed. Everything happens in
/// transactions on one thread; those that wait at the same time share a commit, and each is on disk when its task is done.
/// </summary>
internal sealed partial class LocalStore : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<StoreCall> _calls = [];
    private readonly List<TaskCompletionSource> _truncations = [];
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LocalStoreOptions _options;
    private readonly IStoreWorker _worker;
    private readonly StoreFolder _folder;
    private readonly StoreSession _session;
    private readonly StoreKeys _keys;
    private readonly StoreTables _tables;
    private readonly ITimer _timer;
    private bool _running;
    private bool _closing;
    private bool _truncationDue;
    private bool _timerSet;
    private StoreException? _broken;

    private LocalStore(LocalStoreOptions options, IStoreWorker worker, StoreFolder folder, StoreDatabase database, StoreKeys keys)
    {
        (_options, _worker, _folder, _keys) = (options, worker, folder, keys);
        _session = new StoreSession(database);
        _tables = new StoreTables(_session, keys);
        _timer = options.Time.CreateTimer(static state => ((LocalStore)state!).AskForTruncation(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Where MLS groups keep themselves: within a transaction only, of which it then is a part.</summary>
    public IGroupStore Groups => _tables.Groups;

    /// <summary>The connection, for tests that make it fail.</summary>
    internal StoreDatabase Database => _session.Database;

    /// <summary>
    /// Runs <paramref name="function"/> in a transaction on the store's thread. When the task is done, all of it is on disk; when it fails, none.
    /// The function must not wait for anything.
    /// </summary>
    /// <exception cref="StoreException">It cannot be stored.</exception>
    public Task<T> WriteAsync<T>(Func<StoreTransaction, T> function, CancellationToken cancellationToken = default) => CallAsync(function, true, cancellationToken);

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<StoreTransaction> action, CancellationToken cancellationToken = default) =>
        CallAsync(transaction => { action(transaction); return true; }, true, cancellationToken);

    /// <summary>Runs <paramref name="function"/> in a transaction that may only read. What it sees is on disk when the task is done.</summary>
    public Task<T> ReadAsync<T>(Func<StoreTransaction, T> function, CancellationToken cancellationToken = default) => CallAsync(function, false, cancellationToken);

    /// <summary>From now on another key opens the store; the old one does not, in no file.</summary>
    public async Task ChangeKeyAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        StoreHeader header = await OnWorkerAsync(_worker, () => StoreHeader.Wrap(_options, key, _keys.DataKey));
        await WriteAsync(_ => WriteHeader(_session.Database, header), cancellationToken);
        await TruncateAsync();
    }

    /// <summary>Checks the whole file and opens every row; the number of them. It takes a while.</summary>
    /// <exception cref="StoreException">Something is damaged.</exception>
    public Task<long> VerifyAsync(CancellationToken cancellationToken = default) => ReadAsync(
        _ =>
        {
            _session.Database.CheckIntegrity();
            return _tables.Verify();
        },
        cancellationToken);

    /// <summary>Takes what was deleted or overwritten out of the files now, instead of within <see cref="LocalStoreOptions.TruncateAfter"/>.</summary>
    /// <exception cref="StoreException">It is still there.</exception>
    public Task TruncateAsync()
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            _truncations.Add(waiter);
            _truncationDue = true;
        }
        Wake();
        return waiter.Task;
    }

    /// <summary>Does what was asked for, brings everything into one file, forgets the keys, and lets the folder go.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closing = true;
        }
        Wake();
        await _closed.Task;
    }

    private Task<T> CallAsync<T>(Func<StoreTransaction, T> function, bool writes, CancellationToken cancellationToken)
    {
        var call = new StoreFunction<T>(function, writes, cancellationToken);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            _calls.Enqueue(call);
        }
        Wake();
        return call.Task;
    }

    /// <summary>Sees to it that somebody works, once. After the end nobody does.</summary>
    private void Wake()
    {
        lock (_gate)
        {
            if (_running)
            {
                return;
            }
            _running = true;
        }
        _worker.Run(Work);
    }

    private void Work()
    {
        List<StoreCall> batch = TakeBatch();
        if (batch.Count > 0)
        {
            RunBatch(batch);
        }
        TruncateIfDue();
        bool more, close;
        lock (_gate)
        {
            more = _calls.Count > 0 || _truncationDue;
            close = !more && _closing;
            _running = more || close;
        }
        if (more)
        {
            // Not a loop: on a thread that stores share, the others have their turn.
            _worker.Run(Work);
        }
        else if (close)
        {
            Close();
        }
    }

    private List<StoreCall> TakeBatch()
    {
        var batch = new List<StoreCall>();
        lock (_gate)
        {
            while (batch.Count < _options.BatchMax && _calls.TryDequeue(out StoreCall? call))
            {
                batch.Add(call);
            }
        }
        return batch;
    }

    private void AskForTruncation()
    {
        lock (_gate)
        {
            _truncationDue = true;
            _timerSet = false;
        }
        Wake();
    }

    private void Close()
    {
        _timer.Dispose();
        try
        {
            if (_broken is null)
            {
                _session.Database.TruncateLog();
            }
        }
        catch (StoreException exception)
        {
            LogTruncationFailed(_options.Logger, exception);
        }
        _tables.Dispose();
        _keys.Dispose();
        _session.Database.Dispose();
        _folder.Dispose();
        if (_options.Worker is null)
        {
            ((StoreThread)_worker).Dispose();
        }
        _closed.TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Something that was to be called after a transaction failed.")]
    private static partial void LogListenerFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The write-ahead log of the store was not truncated; it will be tried again.")]
    private static partial void LogTruncationFailed(ILogger logger, Exception exception);
}
