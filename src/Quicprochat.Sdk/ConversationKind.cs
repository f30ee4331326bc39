namespace Quicprochat.Sdk;

/// <summary>What a conversation is for. All three are MLS groups.</summary>
public enum ConversationKind
{
    /// <summary>A kind that a later version made.</summary>
    Unknown,

    /// <summary>Two accounts.</summary>
    Direct,

    /// <summary>A named group.</summary>
    Group,

    /// <summary>Notes to oneself: all devices of one account.</summary>
    Notes,
}
