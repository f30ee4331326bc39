namespace Quicprochat.Server.Storage;

/// <summary>How a registration ended.</summary>
internal enum RegisterResult
{
    /// <summary>The account is there now.</summary>
    Registered,

    /// <summary>The very same list was registered before; no invitation was used.</summary>
    AlreadyThere,

    /// <summary>The name belongs to another list.</summary>
    NameTaken,

    /// <summary>The account key belongs to another name.</summary>
    KeyTaken,

    /// <summary>An invitation was given, and it is unknown, used up or over.</summary>
    InviteInvalid,
}
