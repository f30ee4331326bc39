namespace Quicprochat.Mls.Storage;

/// <summary>A record as it was stored.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its content. It holds secrets.</param>
public readonly record struct StoredRecord(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);
