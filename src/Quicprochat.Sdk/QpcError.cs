namespace Quicprochat.Sdk;

/// <summary>What went wrong, for programs.</summary>
public enum QpcError
{
    /// <summary>A bug.</summary>
    Internal,

    /// <summary>An address or name that is not one.</summary>
    AddressInvalid,

    /// <summary>The host's name cannot be resolved.</summary>
    HostUnknown,

    /// <summary>Nobody answers.</summary>
    Unreachable,

    /// <summary>The server refuses connections: it is full or going away.</summary>
    ServerUnavailable,

    /// <summary>The server shows another key than the one that is pinned.</summary>
    ServerKeyChanged,

    /// <summary>The server's key is not known, and nobody confirmed it.</summary>
    ServerKeyUnknown,

    /// <summary>Server and client have no version of the protocol in common.</summary>
    ProtocolMismatch,

    /// <summary>The clocks of this device and the server are too far apart.</summary>
    ClockOff,

    /// <summary>The server does not accept this device's proof.</summary>
    AuthenticationFailed,

    /// <summary>This device was removed from its account.</summary>
    DeviceRevoked,

    /// <summary>Another process uses this device.</summary>
    Replaced,

    /// <summary>The name is taken.</summary>
    AccountExists,

    /// <summary>There is no such account.</summary>
    AccountUnknown,

    /// <summary>No account can have this name.</summary>
    AccountNameInvalid,

    /// <summary>The server takes new accounts only with an invitation.</summary>
    InviteRequired,

    /// <summary>The server takes no new accounts.</summary>
    RegistrationClosed,

    /// <summary>There is no connection, and the call needs one.</summary>
    NotConnected,

    /// <summary>The profile exists already.</summary>
    ProfileExists,

    /// <summary>There is no profile there.</summary>
    ProfileMissing,

    /// <summary>The profile cannot be opened: wrong passphrase, damaged, in use, or its folder cannot be written.</summary>
    ProfileUnusable,

    /// <summary>There is no such conversation.</summary>
    ConversationUnknown,

    /// <summary>This device is not a member of the conversation.</summary>
    NotMember,

    /// <summary>An account's key changed, and the user has not accepted the new one.</summary>
    KeyChanged,

    /// <summary>A device list or certificate does not hold.</summary>
    IdentityInvalid,

    /// <summary>A device of the account cannot be added: it has no key package at the server.</summary>
    DeviceUnready,

    /// <summary>Others were always faster. Try again.</summary>
    Contention,

    /// <summary>A message or file is too large.</summary>
    TooLarge,

    /// <summary>The server refused for another reason; see <see cref="QpcException.ServerCode"/>.</summary>
    Refused,

    /// <summary>It cannot be done with this conversation: its kind or state forbids it.</summary>
    NotAllowed,
}
