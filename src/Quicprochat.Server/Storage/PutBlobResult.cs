namespace Quicprochat.Server.Storage;

/// <summary>How putting a chunk ended, and how much is there.</summary>
internal readonly record struct PutBlobResult(PutBlobStatus Status, BlobProgress Progress);
