namespace Quicprochat.Sdk;

/// <summary>How far a message has come. Of an own message in a group: how far it has come with everybody.</summary>
public enum MessageState
{
    /// <summary>It is in this device's outbox, on disk, and goes out as soon as the server is reached.</summary>
    Queued,

    /// <summary>The server has it on disk for all members.</summary>
    Sent,

    /// <summary>Every other account that is a member has it on at least one device.</summary>
    Delivered,

    /// <summary>Every other account that is a member has read it.</summary>
    Read,

    /// <summary>It came from somebody else.</summary>
    Received,

    /// <summary>It cannot be sent any more: this device is no member, or the server refuses the message.</summary>
    Failed,
}
