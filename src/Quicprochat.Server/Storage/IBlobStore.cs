namespace Quicprochat.Server.Storage;

/// <summary>Blobs. Who may read one is decided by the roster of the group it was put for, as in <see cref="IGroupStore"/>.</summary>
internal interface IBlobStore
{
    /// <summary>Puts a chunk, in order; the same chunk again changes nothing. The last one completes the blob if the hash is right.</summary>
    ValueTask<PutBlobResult> PutBlobAsync(BlobChunk chunk, long nowMs, CancellationToken cancellationToken);

    /// <summary>Bytes of a complete blob, or null.</summary>
    ValueTask<BlobPart?> ReadBlobAsync(Digest hash, DeviceAddress reader, long offset, int limit, CancellationToken cancellationToken);

    /// <summary>How much is there, or null.</summary>
    ValueTask<BlobProgress?> FindBlobAsync(Digest hash, DeviceAddress reader, CancellationToken cancellationToken);
}
