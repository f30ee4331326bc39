namespace Quicprochat.Mls.Storage;

/// <summary>
/// Where a client keeps its groups: records of bytes under keys of bytes. A call on a group ends in at most one
/// <see cref="Apply"/>; only when that returns does the group in memory move on and the result reach the caller.
/// </summary>
public interface IGroupStore
{
    /// <summary>
    /// Stores all of <paramref name="changes"/>, or throws and stores nothing; the group then is as it was before the call.
    /// What is deleted must be gone: keys that were used must not be found in what is left.
    /// </summary>
    void Apply(GroupChanges changes);

    /// <summary>The content of a record; null when there is none.</summary>
    byte[]? Read(ReadOnlySpan<byte> key);

    /// <summary>Every record whose key begins with <paramref name="prefix"/>, in any order.</summary>
    IReadOnlyList<StoredRecord> ReadRange(ReadOnlySpan<byte> prefix);
}
