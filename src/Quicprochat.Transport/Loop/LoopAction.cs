namespace Quicprochat.Transport.Loop;

/// <summary>Something to be done once.</summary>
internal sealed class LoopAction(QuicConnection? connection, Action<long> run, Action? reject = null) : ILoopWork
{
    QuicConnection? ILoopWork.Connection => connection;

    void ILoopWork.Run(long now) => run(now);

    void ILoopWork.Reject() => reject?.Invoke();
}
