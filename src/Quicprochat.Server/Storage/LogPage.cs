namespace Quicprochat.Server.Storage;

/// <summary>A stretch of a log.</summary>
internal sealed record LogPage(IReadOnlyList<StoredEntry> Entries, long NewestIndex);
