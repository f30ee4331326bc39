namespace Quicprochat.Rpc.Calls;

/// <summary>The stable codes of errors, beside docs/protocol/errors.md.</summary>
public static class ErrorCodes
{
    /// <summary>A frame that is cut off, has bytes behind its end, or a payload that does not parse.</summary>
    public const string FrameMalformed = "frame.malformed";

    /// <summary>A frame or payload beyond its bound.</summary>
    public const string FrameTooLarge = "frame.too_large";

    /// <summary>No such method.</summary>
    public const string MethodUnknown = "method.unknown";

    /// <summary>The deadline passed.</summary>
    public const string CallTimedOut = "call.timed_out";

    /// <summary>The caller gave up.</summary>
    public const string CallCancelled = "call.cancelled";

    /// <summary>A bug on the far side.</summary>
    public const string ServerFault = "server.fault";

    /// <summary>The server is going away.</summary>
    public const string ServerDraining = "server.draining";

    /// <summary>The server's disk is full or cannot be written.</summary>
    public const string StorageUnavailable = "storage.unavailable";

    /// <summary>More calls than are allowed.</summary>
    public const string RateLimited = "rate.limited";

    /// <summary>A field that must be there is not, or has a value or length it may not have.</summary>
    public const string ArgumentInvalid = "argument.invalid";

    /// <summary>The connection is not authenticated.</summary>
    public const string AuthenticationRequired = "auth.required";

    /// <summary>The device's proof does not hold.</summary>
    public const string AuthenticationFailed = "auth.failed";

    /// <summary>The device's certificate is not valid yet, or no longer: look at the clock.</summary>
    public const string DeviceExpired = "auth.device_expired";

    /// <summary>Registration needs an invitation that was not given or is used up.</summary>
    public const string InviteRequired = "account.invite_required";

    /// <summary>The server takes no new accounts.</summary>
    public const string RegistrationClosed = "account.registration_closed";

    /// <summary>The name is taken.</summary>
    public const string AccountExists = "account.exists";

    /// <summary>No such account.</summary>
    public const string AccountUnknown = "account.unknown";

    /// <summary>A name that no account can have.</summary>
    public const string AccountNameInvalid = "account.name_invalid";

    /// <summary>A device list that is not properly signed, or does not follow the one before.</summary>
    public const string DeviceListInvalid = "devices.list_invalid";

    /// <summary>A device that its account does not list.</summary>
    public const string DeviceUnknown = "devices.unknown";

    /// <summary>A key package that is malformed, expired, of another suite, or wrongly signed.</summary>
    public const string KeyPackageInvalid = "keypackages.invalid";

    /// <summary>More key packages than are kept.</summary>
    public const string KeyPackagesFull = "keypackages.full";

    /// <summary>A device of the account has no key package left.</summary>
    public const string KeyPackagesExhausted = "keypackages.exhausted";

    /// <summary>The group is there already.</summary>
    public const string GroupExists = "group.exists";

    /// <summary>No such group, or none that this device may know of.</summary>
    public const string GroupUnknown = "group.unknown";

    /// <summary>Another commit was faster. The detail is the LogEntry that follows the one named.</summary>
    public const string GroupConflict = "group.conflict";

    /// <summary>The message is of an epoch too old; encrypt it again in the present one.</summary>
    public const string GroupEpochStale = "group.epoch_stale";

    /// <summary>The device is not on the roster.</summary>
    public const string GroupNotMember = "group.not_member";

    /// <summary>An entry that contradicts the log.</summary>
    public const string GroupEntryInvalid = "group.entry_invalid";

    /// <summary>The message id is taken by other bytes.</summary>
    public const string MessageConflict = "message.conflict";

    /// <summary>No such blob, or not one this device may read.</summary>
    public const string BlobUnknown = "blob.unknown";

    /// <summary>Chunks that do not follow one another, or do not make the hash.</summary>
    public const string BlobInvalid = "blob.invalid";

    /// <summary>More bytes than may be kept.</summary>
    public const string BlobTooLarge = "blob.too_large";

    /// <summary>The mailbox holds as much as it may.</summary>
    public const string MailboxFull = "mailbox.full";
}
