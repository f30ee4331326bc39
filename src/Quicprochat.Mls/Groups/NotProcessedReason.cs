namespace Quicprochat.Mls.Groups;

/// <summary>Why a message that may be perfectly good was not processed.</summary>
public enum NotProcessedReason
{
    /// <summary>This member sent it.</summary>
    OwnMessage,

    /// <summary>It is the commit this member has pending: it can be confirmed.</summary>
    OwnPendingCommit,

    /// <summary>It was processed before, or its key has been given up.</summary>
    Duplicate,

    /// <summary>It is of an epoch whose secrets are gone, or a proposal of an epoch that is over.</summary>
    PastEpoch,

    /// <summary>It is of an epoch to come; it is held and can be taken with <see cref="Group.TryTakeHeld"/> when the epoch has come.</summary>
    FutureEpoch,

    /// <summary>It is of an epoch to come, and more is held already than the policy allows; it must be delivered again.</summary>
    FutureEpochNotHeld,

    /// <summary>It is a commit for an epoch that another commit has ended: whoever took this one is on another branch.</summary>
    Fork,
}
