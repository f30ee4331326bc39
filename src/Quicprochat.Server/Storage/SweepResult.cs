namespace Quicprochat.Server.Storage;

/// <summary>What a sweep dropped because its time was over.</summary>
internal readonly record struct SweepResult(long Envelopes, long KeyPackages, long Blobs, long LogEntries);
