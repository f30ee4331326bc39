namespace Quicprochat.Server.Storage;

/// <summary>How the publication of a device list ended.</summary>
internal enum PublishStatus
{
    /// <summary>The list is the newest now.</summary>
    Published,

    /// <summary>The very same list is there as this version.</summary>
    AlreadyThere,

    /// <summary>The list is not the one that follows the newest, or has another account key.</summary>
    DoesNotFollow,

    /// <summary>No such account.</summary>
    AccountUnknown,
}
