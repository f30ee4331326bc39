namespace Quicprochat.Server.Storage;

/// <summary>How putting a chunk ended.</summary>
internal enum PutBlobStatus
{
    /// <summary>The chunk is there, or was before.</summary>
    Stored,

    /// <summary>No such group for this device.</summary>
    GroupUnknown,

    /// <summary>It does not begin where what is there ends; go on at <see cref="BlobProgress.Received"/>.</summary>
    Gap,

    /// <summary>It contradicts what is there, or the length; or all bytes are there and do not make the hash, in which case they were dropped.</summary>
    Wrong,
}
