namespace Quicprochat.Mls.Storage;

/// <summary>One record to be stored or deleted.</summary>
/// <param name="Key">Its key, unique among all groups of a client.</param>
/// <param name="Value">Its new content; null deletes it. It holds secrets.</param>
public readonly record struct RecordChange(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value);
