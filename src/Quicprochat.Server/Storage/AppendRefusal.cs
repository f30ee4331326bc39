namespace Quicprochat.Server.Storage;

/// <summary>The rule of docs/protocol/groups.md that an entry breaks.</summary>
internal enum AppendRefusal
{
    /// <summary>Index 0, and the group is there with another entry 0.</summary>
    GroupExists,

    /// <summary>No such group.</summary>
    GroupUnknown,

    /// <summary>What it follows was never in the log, or its index does not fit that.</summary>
    FollowsUnknown,

    /// <summary>Its base is not among the entries that may still be built on.</summary>
    BaseUnknown,

    /// <summary>Its epoch is not the one that its base leads to.</summary>
    EpochWrong,

    /// <summary>The submitter is not on the roster after its base.</summary>
    NotMember,

    /// <summary>An added device does not exist.</summary>
    AddedUnknown,

    /// <summary>An added device is on the roster already, or twice among the added.</summary>
    AddedTwice,

    /// <summary>A removed device is not on the roster, or twice among the removed, or also added.</summary>
    RemovedUnknown,

    /// <summary>The roster would be empty, or beyond its bound.</summary>
    RosterSize,

    /// <summary>The commit, the Welcome or the GroupInfo is missing, or there where it should not be, or the commit is not the one the body names.</summary>
    PayloadWrong,

    /// <summary>A blob that is named is not there or not complete.</summary>
    BlobUnknown,
}
