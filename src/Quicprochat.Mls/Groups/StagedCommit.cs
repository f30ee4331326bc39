using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Mls.Groups;

/// <summary>
/// A commit of someone else that has been processed and found good, but not merged: the place for the application's own rules.
/// <see cref="Group.Merge"/> moves on to its epoch; disposing it instead leaves the group where it is and zeroes what the epoch
/// would have begun with.
/// </summary>
public sealed class StagedCommit : IDisposable
{
    internal StagedCommit(ulong epoch, EpochChange change, EpochState? next, IReadOnlyList<RecordChange> changes)
    {
        Epoch = epoch;
        Change = change;
        Next = next;
        Changes = changes;
    }

    /// <summary>The epoch it ends.</summary>
    public ulong Epoch { get; }

    /// <summary>What it would change.</summary>
    public EpochChange Change { get; }

    /// <summary>The commit's name, see <see cref="CommitRace"/>.</summary>
    public ReadOnlyMemory<byte> Name { get; internal init; }

    /// <summary>What was sent along in the clear and authenticated.</summary>
    public ReadOnlyMemory<byte> AuthenticatedData { get; internal init; }

    /// <summary>The very state it was made from: a staged commit is for one group object and one epoch.</summary>
    internal EpochState? Base { get; init; }

    /// <summary>The epoch it begins; null when this client is removed.</summary>
    internal EpochState? Next { get; }

    /// <summary>What the new epoch changes in the store.</summary>
    internal IReadOnlyList<RecordChange> Changes { get; }

    /// <summary>Set once the group is in the epoch it begins, and owns it.</summary>
    internal bool IsMerged { get; set; }

    /// <summary>Set once it has been disposed without being merged.</summary>
    internal bool IsDropped { get; private set; }

    /// <summary>Which message key it was encrypted with; null for a PublicMessage.</summary>
    internal SenderData? UsedKey { get; init; }

    /// <summary>Drops it. Nothing happens when it has been merged.</summary>
    public void Dispose()
    {
        if (!IsMerged)
        {
            IsDropped = true;
            Next?.DisposeExcept(Base);
        }
    }
}
