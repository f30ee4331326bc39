using Quicprochat.Mls.Groups;

namespace Quicprochat.Mls.Storage;

/// <summary>
/// What one call on a group changes, to be stored in one transaction: the group's records, and with them what the call
/// produced, so that an application can keep its outbox and its inbox in the same transaction.
/// </summary>
public sealed class GroupChanges
{
    /// <summary>The group; empty where only a key package is stored.</summary>
    public required ReadOnlyMemory<byte> GroupId { get; init; }

    /// <summary>Records to store and delete, in this order: where a key occurs more than once, the last change counts.</summary>
    public required IReadOnlyList<RecordChange> Records { get; init; }

    /// <summary>Messages the call hands back to be sent to the group.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Outgoing { get; init; } = [];

    /// <summary>What the call received, as it will be handed back; null where it did not receive.</summary>
    public Received? Received { get; init; }
}
