namespace Quicprochat.Sdk;

/// <summary>What can be done with a conversation.</summary>
public enum ConversationStatus
{
    /// <summary>This device is a member.</summary>
    Active,

    /// <summary>This device cannot follow any more, and comes back as soon as the server is reached.</summary>
    Rejoining,

    /// <summary>This device was removed, or left. The history stays.</summary>
    Left,
}
