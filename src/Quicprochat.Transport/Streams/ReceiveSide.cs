using System.Threading.Tasks.Sources;
using Quicprochat.Quic;

namespace Quicprochat.Transport.Streams;

/// <summary>
/// The reading side of a stream, where the loop that fills it meets the thread that reads it. A read that waits is filled by the loop straight from the
/// connection; once the application has begun to read, the loop also fetches some bytes ahead, so that a fast reader does not wait for the loop at every read.
/// Bytes that nobody reads stay in the connection, where flow control bounds them. The lock guards this hand-over alone and is held for one copy at most.
/// </summary>
internal sealed class ReceiveSide(QuicStream stream) : IValueTaskSource<int>
{
    /// <summary>Bytes fetched ahead of a reader.</summary>
    public const int AheadMax = 128 << 10;

    private static readonly Failure _aborted = new(QuicError.OperationAborted, "This end aborted reading.");

    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<int> _source = new() { RunContinuationsAsynchronously = !stream.Loop.StaysOnThread };
    private OperationState _operation;
    private Memory<byte> _destination;
    private CancellationToken _token;
    private CancellationTokenRegistration _cancellation;
    private ByteQueue _ahead;
    private int _aheadMax = AheadMax;
    private bool _started;
    private bool _moreInCore;
    private bool _allReceived;
    private Failure? _failure;
    private long? _stopCode;
    private TaskCompletionSource? _closed;

    /// <summary>True when no byte will be read any more: the end was reached, or reading failed.</summary>
    public bool IsFinal
    {
        get
        {
            lock (_lock)
            {
                return _failure is not null || HasEnded;
            }
        }
    }

    /// <summary>Completes with the end of the stream, or fails with its abort.</summary>
    public Task Closed
    {
        get
        {
            lock (_lock)
            {
                return HasEnded ? Task.CompletedTask : StreamTasks.Of(ref _closed, _failure, stream.Loop.Continuations);
            }
        }
    }

    private bool HasEnded => _allReceived && _ahead.Count == 0;

    /// <summary>A read, without an allocation.</summary>
    /// <exception cref="InvalidOperationException">Another read is under way.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }
        bool schedule;
        ValueTask<int> result;
        TaskCompletionSource? ended = null;
        lock (_lock)
        {
            if (_operation != OperationState.Idle)
            {
                throw new InvalidOperationException("Another read is under way on this stream.");
            }
            if (_ahead.Count > 0)
            {
                result = new ValueTask<int>(_ahead.Take(destination.Span));
                schedule = _moreInCore && _ahead.Count <= AheadMax / 2;
                ended = HasEnded ? _closed : null;
            }
            else if (_allReceived)
            {
                return new ValueTask<int>(0);
            }
            else if (_failure is not null)
            {
                return ValueTask.FromException<int>(_failure.ToException());
            }
            else
            {
                _source.Reset();
                _operation = OperationState.Pending;
                _destination = destination;
                _token = cancellationToken;
                _started = true;
                schedule = _moreInCore;
                result = new ValueTask<int>(this, _source.Version);
            }
        }
        ended?.TrySetResult();
        if (schedule)
        {
            stream.Schedule();
        }
        if (cancellationToken.CanBeCanceled)
        {
            RegisterCancellation(cancellationToken);
        }
        return result;
    }

    /// <summary>Gives up reading; the peer is asked to stop with <paramref name="code"/>.</summary>
    public void Abort(long code)
    {
        lock (_lock)
        {
            if (_failure is not null || HasEnded)
            {
                return;
            }
            _stopCode = code;
        }
        Fail(_aborted, keepBytes: false);
        stream.Schedule();
    }

    /// <summary>On the loop: the connection has something for this stream.</summary>
    public void HandleReadable(Connection core, long now, Span<byte> scratch)
    {
        lock (_lock)
        {
            _moreInCore = true;
        }
        Pump(core, now, scratch);
    }

    /// <summary>On the loop: moves bytes from the connection to whoever waits for them, and ahead.</summary>
    public void Pump(Connection core, long now, Span<byte> scratch)
    {
        int? result = null;
        Failure? failure = null;
        TaskCompletionSource? ended = null;
        lock (_lock)
        {
            if (_stopCode is { } stopCode)
            {
                core.StopSending(stream.CoreId, stopCode);
                _stopCode = null;
            }
            while (_moreInCore && !_allReceived && _failure is null && failure is null && _started)
            {
                bool waiting = _operation == OperationState.Pending;
                bool direct = waiting && !_destination.IsEmpty;
                Span<byte> target = direct ? _destination.Span : scratch[..Math.Min(_aheadMax - _ahead.Count, scratch.Length)];
                if (target.IsEmpty)
                {
                    break;
                }
                StreamReadStatus status = core.Read(now, stream.CoreId, target, out int count, out long code);
                switch (status)
                {
                    case StreamReadStatus.Data:
                        if (!direct)
                        {
                            _ahead.Append(target[..count], _aheadMax);
                        }
                        break;
                    case StreamReadStatus.Blocked:
                        _moreInCore = false;
                        continue;
                    case StreamReadStatus.Finished:
                        _allReceived = true;
                        ended = HasEnded ? _closed : null;
                        break;
                    case StreamReadStatus.Reset:
                        failure = new Failure(QuicError.StreamAborted, $"The peer aborted its side of the stream with code {code}.") { ApplicationErrorCode = code };
                        continue;
                    default:
                        // The connection has nothing more to do with the stream; why is told elsewhere.
                        _moreInCore = false;
                        continue;
                }
                if (waiting)
                {
                    result = direct ? count : 0;
                    EndOperation();
                }
            }
        }
        if (result is { } read)
        {
            _source.SetResult(read);
        }
        ended?.TrySetResult();
        if (failure is not null)
        {
            Fail(failure, keepBytes: false);
        }
    }

    /// <summary>On the loop: the connection ended. What the peer had sent before, and we have acknowledged, can still be read.</summary>
    public void HandleConnectionClosed(Connection core, long now, Span<byte> scratch, Failure failure)
    {
        lock (_lock)
        {
            _started |= _failure is null;
            _moreInCore = true;
            _aheadMax = int.MaxValue; // It was within the receive window, and is now.
        }
        Pump(core, now, scratch);
        Fail(failure, keepBytes: true);
    }

    /// <summary>The loop ended, and the connection with it. Bytes already fetched can still be read.</summary>
    public void HandleEndOfLoop(Failure failure) => Fail(failure, keepBytes: true);

    int IValueTaskSource<int>.GetResult(short token)
    {
        bool done = _source.GetStatus(token) != ValueTaskSourceStatus.Pending;
        try
        {
            return _source.GetResult(token);
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

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void RegisterCancellation(CancellationToken cancellationToken)
    {
        CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static (side, token) => ((ReceiveSide)side!).Cancel(token), this);
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

    /// <summary>As in System.Net.Quic, a read that is cancelled while it waits takes the reading side with it.</summary>
    private void Cancel(CancellationToken token)
    {
        lock (_lock)
        {
            if (_operation != OperationState.Pending || _token != token)
            {
                return;
            }
            _stopCode = stream.DefaultErrorCode;
            EndOperation();
        }
        _source.SetException(new OperationCanceledException(token));
        Fail(_aborted, keepBytes: false);
        stream.Schedule();
    }

    private void Fail(Failure failure, bool keepBytes)
    {
        bool waiting;
        TaskCompletionSource? closed;
        lock (_lock)
        {
            if (_failure is not null || HasEnded || (_allReceived && keepBytes))
            {
                return;
            }
            _failure = failure;
            if (!keepBytes)
            {
                _ahead.Clear();
                _allReceived = false;
            }
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
        _destination = default;
        _token = default;
        // Not Dispose: that would wait for a cancellation that is running, which may be waiting for our lock.
        _cancellation.Unregister();
        _cancellation = default;
    }
}
