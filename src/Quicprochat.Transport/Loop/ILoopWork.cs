namespace Quicprochat.Transport.Loop;

/// <summary>Something that another thread has the loop do. What recurs (a stream with data to move) is its own work item, queued at most once at a time, so that the queue is bounded by what exists.</summary>
internal interface ILoopWork
{
    /// <summary>The connection it belongs to, which is closed when the work fails by our own bug. Null for the endpoint's own.</summary>
    QuicConnection? Connection { get; }

    /// <summary>Runs on the loop's thread.</summary>
    void Run(long now);

    /// <summary>Called in place of <see cref="Run"/>, on any thread, when the loop has ended: whoever waits for this must be told.</summary>
    void Reject();
}
