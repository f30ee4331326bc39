namespace Quicprochat.Sdk.Store.Tables;

/// <summary>An entry of the journal.</summary>
/// <param name="Number">Its place in the order.</param>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its content.</param>
internal readonly record struct JournalEntry(long Number, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);
