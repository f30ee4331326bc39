namespace Quicprochat.Transport.Loop;

/// <summary>Closes a connection; done when CONNECTION_CLOSE was given to the socket.</summary>
internal sealed class CloseRequest(QuicConnection connection, long code, string reason) : ILoopWork
{
    private readonly TaskCompletionSource _sent = new(connection.Loop.Continuations);

    public Task Sent => _sent.Task;

    QuicConnection ILoopWork.Connection => connection;

    void ILoopWork.Run(long now)
    {
        connection.CloseOnLoop(now, code, reason);
        connection.Loop.AfterSend(_sent);
    }

    void ILoopWork.Reject() => _sent.TrySetResult();
}
