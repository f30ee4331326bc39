namespace Quicprochat.Server.Storage;

/// <summary>How sending ended.</summary>
internal enum SendStatus
{
    /// <summary>It is in the mailboxes.</summary>
    Stored,

    /// <summary>The same message was stored before; time and recipients are of then.</summary>
    AlreadyThere,

    /// <summary>The id is taken by other bytes.</summary>
    Conflict,

    /// <summary>No such group.</summary>
    GroupUnknown,

    /// <summary>The sender is not on the roster after the entry.</summary>
    NotMember,

    /// <summary>The group is too many epochs further, or does not know the entry.</summary>
    EpochStale,

    /// <summary>The payload's blob is not there or not complete.</summary>
    BlobUnknown,
}
