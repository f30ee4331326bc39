namespace Quicprochat.Server.Storage;

/// <summary>How much of a blob is there.</summary>
/// <param name="Received">Bytes from the start.</param>
/// <param name="Length">Bytes of the whole.</param>
/// <param name="IsComplete">All are there and make the hash.</param>
internal readonly record struct BlobProgress(long Received, long Length, bool IsComplete);
