using Quicprochat.Quic;
using Quicprochat.Transport.Loop;
using Quicprochat.Transport.Streams;

namespace Quicprochat.Transport;

/// <summary>
/// An ordered stream of bytes on a connection, with the members and meanings of <c>System.Net.Quic.QuicStream</c>. One read and one write may be under way
/// at a time, and they need no allocation. A read or write that is cancelled while it waits aborts its side of the stream with
/// <see cref="QuicConnectionOptions.DefaultStreamErrorCode"/>.
/// </summary>
public sealed partial class QuicStream : Stream, ILoopWork
{
    private readonly QuicConnection _connection;
    private readonly ReceiveSide? _receive;
    private readonly SendSide? _send;
    private int _disposed;
    private int _scheduled;
    private bool _released;

    internal QuicStream(QuicConnection connection, StreamId id)
    {
        _connection = connection;
        CoreId = id;
        bool own = id.Initiator == connection.Side;
        bool both = id.Type == StreamType.Bidirectional;
        _receive = both || !own ? new ReceiveSide(this) : null;
        _send = both || own ? new SendSide(this) : null;
    }

    /// <summary>The stream's number on the wire.</summary>
    public long Id => CoreId.Value;

    /// <summary>Whether both ends may write.</summary>
    public QuicStreamType Type => CoreId.Type == StreamType.Bidirectional ? QuicStreamType.Bidirectional : QuicStreamType.Unidirectional;

    /// <summary>Completes when the end of the stream was read; fails when the peer aborts, this end aborts reading, or the connection ends before.</summary>
    public Task ReadsClosed => _receive?.Closed ?? Task.CompletedTask;

    /// <summary>Completes when the peer has acknowledged all that was written and the end; fails when the peer stops reading, this end aborts writing, or the connection ends before.</summary>
    public Task WritesClosed => _send?.Closed ?? Task.CompletedTask;

    /// <inheritdoc/>
    public override bool CanRead => _receive is not null && Volatile.Read(ref _disposed) == 0;

    /// <inheritdoc/>
    public override bool CanWrite => _send is not null && Volatile.Read(ref _disposed) == 0;

    internal StreamId CoreId { get; }

    internal long DefaultErrorCode => _connection.DefaultStreamErrorCode;

    internal EndpointLoop Loop => _connection.Loop;

    QuicConnection? ILoopWork.Connection => _connection;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _receive?.ReadAsync(buffer, cancellationToken) ?? throw new InvalidOperationException("This stream is for writing only.");
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        WriteAsync(buffer, completeWrites: false, cancellationToken);

    /// <summary>Writes and, when <paramref name="completeWrites"/>, ends the stream behind it.</summary>
    /// <param name="buffer">The bytes; they may be used again when the task is complete.</param>
    /// <param name="completeWrites">True when these are the last.</param>
    /// <param name="cancellationToken">Aborts the writing side while the write waits.</param>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool completeWrites, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _send?.WriteAsync(buffer, completeWrites, cancellationToken) ?? throw new InvalidOperationException("This stream is for reading only.");
    }

    /// <summary>Ends the stream behind what was written: the peer reads its end.</summary>
    public void CompleteWrites()
    {
        ThrowIfDisposed();
        _send?.Complete();
    }

    /// <summary>Gives up a side of the stream. Operations on it fail, here and at the peer. Does nothing once the stream is disposed.</summary>
    /// <param name="abortDirection">Which side.</param>
    /// <param name="errorCode">The application's code for the peer, 0 to 2^62-1.</param>
    public void Abort(QuicAbortDirection abortDirection, long errorCode)
    {
        ErrorCodes.Check(errorCode, nameof(errorCode));
        if (Volatile.Read(ref _disposed) != 0)
        {
            return;
        }
        if (abortDirection.HasFlag(QuicAbortDirection.Read))
        {
            _receive?.Abort(errorCode);
        }
        if (abortDirection.HasFlag(QuicAbortDirection.Write))
        {
            _send?.Abort(errorCode);
        }
    }

    /// <summary>Does nothing: what is written is sent as soon as it can be.</summary>
    public override void Flush()
    {
    }

    /// <summary>Does nothing: what is written is sent as soon as it can be.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;

    /// <summary>
    /// Ends the stream behind what was written, aborts reading if its end was not read, and waits until the peer has acknowledged what was written or
    /// either end gave up on it.
    /// </summary>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_send is not null)
        {
            try
            {
                await _send.Closed;
            }
            catch (QuicException)
            {
                // Nothing is left to wait for.
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_connection} stream {Id}";

    /// <summary>As <see cref="DisposeAsync"/>, without waiting.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _receive?.Abort(DefaultErrorCode);
            _send?.Complete();
            Schedule();
        }
        base.Dispose(disposing);
    }

    /// <summary>Has the loop look after the stream soon; it is queued once, however often it is asked for.</summary>
    internal void Schedule()
    {
        if (Interlocked.Exchange(ref _scheduled, 1) == 0)
        {
            _connection.Post(this);
        }
    }

    void ILoopWork.Run(long now)
    {
        Interlocked.Exchange(ref _scheduled, 0);
        _receive?.Pump(_connection.Core, now, _connection.Scratch);
        _send?.Flush(_connection.Core);
        ReleaseIfDone();
    }

    void ILoopWork.Reject()
    {
        // The loop has ended, and has told every stream so.
    }

    /// <summary>On the loop.</summary>
    internal void HandleReadable(long now) => _receive?.HandleReadable(_connection.Core, now, _connection.Scratch);

    /// <summary>On the loop.</summary>
    internal void HandleWritable()
    {
        _send?.Flush(_connection.Core);
        ReleaseIfDone();
    }

    /// <summary>On the loop.</summary>
    internal void HandleStopped(long code)
    {
        _send?.HandleStopped(code);
        ReleaseIfDone();
    }

    /// <summary>On the loop.</summary>
    internal void HandleSendFinished()
    {
        _send?.HandleAcknowledged();
        ReleaseIfDone();
    }

    /// <summary>On the loop.</summary>
    internal void HandleConnectionClosed(long now, Failure failure)
    {
        _receive?.HandleConnectionClosed(_connection.Core, now, _connection.Scratch, failure);
        _send?.HandleConnectionClosed(failure);
    }

    /// <summary>On the loop, for the last time.</summary>
    internal void HandleEndOfLoop(Failure failure)
    {
        _receive?.HandleEndOfLoop(failure);
        _send?.HandleConnectionClosed(failure);
    }

    /// <summary>A stream is kept while the application has it, and then until the peer has what was written; its number goes back as credit before that.</summary>
    private void ReleaseIfDone()
    {
        if (Volatile.Read(ref _disposed) == 0)
        {
            return;
        }
        if (!_released && (_send?.IsHandedOver ?? true) && (_receive?.IsFinal ?? true))
        {
            _released = true;
            _connection.Core.ReleaseStream(CoreId);
        }
        if (_released && (_send?.IsFinal ?? true))
        {
            _connection.Forget(this);
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
}
