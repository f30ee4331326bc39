namespace Quicprochat.Server.Storage;

/// <summary>An entry, the GroupInfo of the epoch it leads to, and the last entry.</summary>
internal sealed record GroupInfoRecord(StoredEntry Entry, StoredPayload GroupInfo, GroupHead Newest);
