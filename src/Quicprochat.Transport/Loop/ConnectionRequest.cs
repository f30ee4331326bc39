using Quicprochat.Quic;

namespace Quicprochat.Transport.Loop;

/// <summary>A question to a connection, answered on its loop.</summary>
internal sealed class ConnectionRequest<T>(QuicConnection connection, Func<Connection, long, T> ask) : ILoopWork
{
    private readonly TaskCompletionSource<T> _answer = new(connection.Loop.Continuations);

    public Task<T> Answer => _answer.Task;

    QuicConnection ILoopWork.Connection => connection;

    void ILoopWork.Run(long now)
    {
        try
        {
            _answer.TrySetResult(ask(connection.Core, now));
        }
        catch (Exception e)
        {
            _answer.TrySetException(e);
        }
    }

    void ILoopWork.Reject() => _answer.TrySetException(connection.EndOfLoop.ToException());
}
