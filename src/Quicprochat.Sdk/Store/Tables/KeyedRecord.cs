namespace Quicprochat.Sdk.Store.Tables;

/// <summary>A record of the table for anything else.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its content.</param>
internal readonly record struct KeyedRecord(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);
