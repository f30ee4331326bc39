using Quicprochat.Quic;

namespace Quicprochat.Transport.Loop;

/// <summary>Someone waits for a stream to be opened.</summary>
internal sealed class StreamRequest(QuicConnection connection, StreamType type) : ILoopWork
{
    private readonly TaskCompletionSource<QuicStream> _stream = new(connection.Loop.Continuations);

    public StreamType Type => type;

    public Task<QuicStream> Stream => _stream.Task;

    public bool IsCancelled => _stream.Task.IsCompleted;

    QuicConnection ILoopWork.Connection => connection;

    public CancellationTokenRegistration CancelWith(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static (request, token) => ((StreamRequest)request!)._stream.TrySetCanceled(token), this);

    /// <summary>False when nobody waits any more.</summary>
    public bool TryComplete(QuicStream stream) => _stream.TrySetResult(stream);

    public void Fail(Failure failure) => _stream.TrySetException(failure.ToException());

    void ILoopWork.Run(long now) => connection.HandleRequest(this);

    void ILoopWork.Reject() => Fail(connection.EndOfLoop);
}
