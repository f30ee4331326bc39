namespace Quicprochat.Server.Storage;

/// <summary>An account with its newest device list.</summary>
internal sealed record AccountRecord(string Account, ReadOnlyMemory<byte> AccountKey, SignedList Newest);
