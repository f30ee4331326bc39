namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>Something with a result. The caller may give up while it waits, and, where it only reads, while it runs.</summary>
/// <typeparam name="T">The result.</typeparam>
/// <param name="work">What to do.</param>
/// <param name="isRead">It may be interrupted: that undoes nothing of anybody.</param>
internal sealed class StoreOperation<T>(Func<Session, T> work, bool isRead) : StoreOperation
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;
    private Session? _session;
    private bool _started;
    private T? _result;

    /// <summary>The answer.</summary>
    public Task<T> Answer => _answer.Task;

    /// <summary>Listens to the caller's token.</summary>
    public void Listen(CancellationToken token)
    {
        _token = token;
        if (token.CanBeCanceled)
        {
            _registration = token.UnsafeRegister(static state => ((StoreOperation<T>)state!).Cancel(), this);
        }
    }

    /// <inheritdoc/>
    public override void Run(Session session) => _result = work(session);

    /// <inheritdoc/>
    public override void Complete()
    {
        _registration.Unregister();
        _answer.TrySetResult(_result!);
    }

    /// <inheritdoc/>
    public override void Fail(Exception failure)
    {
        _registration.Unregister();
        _ = failure is OperationCanceledException ? _answer.TrySetCanceled(_token) : _answer.TrySetException(failure);
    }

    /// <inheritdoc/>
    public override bool TryStart(Session session)
    {
        lock (_gate)
        {
            if (_answer.Task.IsCompleted)
            {
                return false;
            }
            _started = true;
            _session = isRead ? session : null;
            return true;
        }
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        lock (_gate)
        {
            _session = null;
        }
    }

    private void Cancel()
    {
        lock (_gate)
        {
            // Within the gate: the thread cannot have gone on to somebody else's query.
            _session?.Database.Interrupt();
            if (!_started)
            {
                _answer.TrySetCanceled(_token);
            }
        }
    }
}
