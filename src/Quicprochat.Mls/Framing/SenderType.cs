namespace Quicprochat.Mls.Framing;

/// <summary>Who sends (RFC 9420 §6).</summary>
public enum SenderType : byte
{
    /// <summary>Not a type.</summary>
    Reserved = 0,

    /// <summary>A member, by leaf index.</summary>
    Member = 1,

    /// <summary>Someone outside the group, by place in the external_senders extension.</summary>
    External = 2,

    /// <summary>A client that proposes to be added.</summary>
    NewMemberProposal = 3,

    /// <summary>A client that joins by an external commit.</summary>
    NewMemberCommit = 4,
}
