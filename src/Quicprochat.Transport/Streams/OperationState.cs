namespace Quicprochat.Transport.Streams;

/// <summary>Where the one read, or the one write, that a stream's direction may have stands.</summary>
internal enum OperationState
{
    /// <summary>There is none: the next may begin.</summary>
    Idle,

    /// <summary>It waits for the loop.</summary>
    Pending,

    /// <summary>It has its result, which nobody has fetched yet.</summary>
    Done,
}
