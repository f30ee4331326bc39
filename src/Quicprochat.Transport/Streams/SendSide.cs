using System.Threading.Tasks.Sources;
using Quicprochat.Quic;

namespace Quicprochat.Transport.Streams;

/// <summary>
/// The writing side of a stream, where the thread that writes meets the loop that sends. A write is done when its bytes are in a small queue; when they do not
/// fit it waits, and the loop takes the rest straight from the writer's memory. The lock guards this hand-over alone and is held for one copy at most.
/// </summary>
internal sealed class SendSide(QuicStream stream) : IValueTaskSource
{
    /// <summary>Bytes accepted of a writer before the connection has taken them.</summary>
    public const int QueueMax = 64 << 10;

    private static readonly Failure _aborted = new(QuicError.OperationAborted, "This end aborted writing.");

    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = !stream.Loop.StaysOnThread };
    private OperationState _operation;
    private ReadOnlyMemory<byte> _pending;
    private CancellationToken _token;
    private CancellationTokenRegistration _cancellation;
    private ByteQueue _queue;
    private bool _finish;
    private bool _finishTaken;
    private bool _acknowledged;
    private Failure? _failure;
    private long? _resetCode;
    private TaskCompletionSource? _closed;

    /// <summary>True when the connection has everything, the end included, or nothing more will come.</summary>
    public bool IsHandedOver
    {
        get
        {
            lock (_lock)
            {
                return _finishTaken || (_failure is not null && _resetCode is null);
            }
        }
    }

    /// <summary>True when the peer has everything, or writing failed.</summary>
    public bool IsFinal
    {
        get
        {
            lock (_lock)
            {
                return _acknowledged || (_failure is not null && _resetCode is null);
            }
        }
    }

    /// <summary>Completes when the peer has acknowledged all bytes and the end, or fails with the abort.</summary>
    public Task Closed
    {
        get
        {
            lock (_lock)
            {
                return _acknowledged ? Task.CompletedTask : StreamTasks.Of(ref _closed, _failure, stream.Loop.Continuations);
            }
        }
    }

    /// <summary>A write, without an allocation.</summary>
    /// <exception cref="InvalidOperationException">Another write is under way, or writing was completed.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, bool finish, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }
        ValueTask result = default;
        lock (_lock)
        {
            if (_operation != OperationState.Idle)
            {
                throw new InvalidOperationException("Another write is under way on this stream.");
            }
            if (_failure is not null)
            {
                return ValueTask.FromException(_failure.ToException());
            }
            if (_finish)
            {
                throw new InvalidOperationException("Writing on this stream was completed.");
            }
            int taken = _queue.Append(bytes.Span, QueueMax);
            _finish = finish;
            if (taken < bytes.Length)
            {
                _source.Reset();
                _operation = OperationState.Pending;
                _pending = bytes[taken..];
                _token = cancellationToken;
                result = new ValueTask(this, _source.Version);
            }
        }
        stream.Schedule();
        if (cancellationToken.CanBeCanceled)
        {
            RegisterCancellation(cancellationToken);
        }
        return result;
    }

    /// <summary>Ends the stream behind what was written.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            if (_finish || _failure is not null)
            {
                return;
            }
            _finish = true;
        }
        stream.Schedule();
    }

    /// <summary>Gives up writing; the peer is told <paramref name="code"/>.</summary>
    public void Abort(long code)
    {
        lock (_lock)
        {
            if (_failure is not null || _acknowledged)
            {
                return;
            }
            _resetCode = code;
        }
        Fail(_aborted);
        stream.Schedule();
    }

    /// <summary>On the loop: hands over what the connection takes.</summary>
    public void Flush(Connection core)
    {
        bool done;
        lock (_lock)
        {
            if (_resetCode is { } code)
            {
                core.ResetStream(stream.CoreId, code);
                _resetCode = null;
            }
            bool waiting = _operation == OperationState.Pending;
            while (_failure is null && !_finishTaken && TryWriteNext(core))
            {
            }
            if (waiting && _failure is null)
            {
                // What the connection does not take now may fit the queue: the writer need not wait for it.
                _pending = _pending[_queue.Append(_pending.Span, QueueMax)..];
            }
            done = waiting && _failure is null && _pending.IsEmpty;
            if (done)
            {
                EndOperation();
            }
        }
        if (done)
        {
            _source.SetResult(true);
        }
    }

    /// <summary>On the loop: the peer does not want more.</summary>
    public void HandleStopped(long code) =>
        Fail(new Failure(QuicError.StreamAborted, $"The peer stopped reading the stream with code {code}.") { ApplicationErrorCode = code });

    /// <summary>On the loop: the peer has all there was.</summary>
    public void HandleAcknowledged()
    {
        TaskCompletionSource? closed;
        lock (_lock)
        {
            if (_failure is not null)
            {
                return;
            }
            _acknowledged = true;
            closed = _closed;
        }
        closed?.TrySetResult();
    }

    /// <summary>The connection ended.</summary>
    public void HandleConnectionClosed(Failure failure)
    {
        Fail(failure);
        lock (_lock)
        {
            _resetCode = null;
        }
    }

    void IValueTaskSource.GetResult(short token)
    {
        bool done = _source.GetStatus(token) != ValueTaskSourceStatus.Pending;
        try
        {
            _source.GetResult(token);
        }
        finally
        {
            if (done)
            {
                lock (_lock)
                {
                    _operation = OperationState.Idle;
                }
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>One write to the connection: of the queue, then of the writer's memory, then of the end alone. False when there is nothing more to do now.</summary>
    private bool TryWriteNext(Connection core)
    {
        bool fromQueue = _queue.Count > 0;
        ReadOnlySpan<byte> next = fromQueue ? _queue.Front : _pending.Span;
        bool last = _finish && (!fromQueue || _pending.IsEmpty);
        if (next.IsEmpty && !last)
        {
            return false;
        }
        StreamWriteStatus status = core.Write(stream.CoreId, next, last, out int taken);
        if (fromQueue)
        {
            _queue.Remove(taken);
        }
        else
        {
            _pending = _pending[taken..];
        }
        _finishTaken = last && status == StreamWriteStatus.Complete;
        // Stopped: the event that says with which code is on its way.
        return status == StreamWriteStatus.Complete;
    }

    private void RegisterCancellation(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_operation != OperationState.Pending)
            {
                return;
            }
        }
        CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static (side, token) => ((SendSide)side!).Cancel(token), this);
        lock (_lock)
        {
            if (_operation == OperationState.Pending)
            {
                _cancellation = registration;
                return;
            }
        }
        registration.Unregister();
    }

    /// <summary>As in System.Net.Quic, a write that is cancelled while it waits takes the writing side with it: nobody knows which of its bytes went.</summary>
    private void Cancel(CancellationToken token)
    {
        lock (_lock)
        {
            if (_operation != OperationState.Pending || _token != token)
            {
                return;
            }
            _resetCode = stream.DefaultErrorCode;
            EndOperation();
        }
        _source.SetException(new OperationCanceledException(token));
        Fail(_aborted);
        stream.Schedule();
    }

    private void Fail(Failure failure)
    {
        bool waiting;
        TaskCompletionSource? closed;
        lock (_lock)
        {
            if (_failure is not null || _acknowledged)
            {
                return;
            }
            _failure = failure;
            _queue.Clear();
            waiting = _operation == OperationState.Pending;
            if (waiting)
            {
                EndOperation();
            }
            closed = _closed;
        }
        if (waiting)
        {
            _source.SetException(failure.ToException());
        }
        StreamTasks.Fail(closed, failure);
    }

    /// <summary>Under the lock; the result is set outside of it.</summary>
    private void EndOperation()
    {
        _operation = OperationState.Done;
        _pending = default;
        _token = default;
        // Not Dispose: that would wait for a cancellation that is running, which may be waiting for our lock.
        _cancellation.Unregister();
        _cancellation = default;
    }
}
