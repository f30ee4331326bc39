namespace Quicprochat.Mls.Groups;

/// <summary>A commit of someone else; the group is in the epoch it began.</summary>
public sealed class ReceivedCommit : Received
{
    internal ReceivedCommit(ulong epoch, EpochChange change, bool droppedOwnCommit, ReadOnlyMemory<byte> authenticatedData)
        : base(epoch)
    {
        Change = change;
        DroppedOwnCommit = droppedOwnCommit;
        AuthenticatedData = authenticatedData;
    }

    /// <summary>What changed.</summary>
    public EpochChange Change { get; }

    /// <summary>True when this member had a commit pending for the same epoch: it lost and is dropped.</summary>
    public bool DroppedOwnCommit { get; }

    /// <summary>What was sent along in the clear and authenticated.</summary>
    public ReadOnlyMemory<byte> AuthenticatedData { get; }
}
