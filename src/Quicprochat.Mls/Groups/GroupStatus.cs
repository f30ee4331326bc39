namespace Quicprochat.Mls.Groups;

/// <summary>What can be done with a group.</summary>
public enum GroupStatus : byte
{
    /// <summary>Everything.</summary>
    Active = 0,

    /// <summary>Nothing can be sent any more: another group follows this one (RFC 9420 §11.2).</summary>
    ReInitialized = 1,

    /// <summary>This client is not a member any more.</summary>
    Removed = 2,
}
