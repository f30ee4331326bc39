namespace Quicprochat.Server.Hosting;

/// <summary>Who may make an account.</summary>
public enum RegistrationPolicy
{
    /// <summary>Anybody.</summary>
    Open,

    /// <summary>Who has an invitation.</summary>
    Invite,

    /// <summary>Nobody.</summary>
    Closed,
}
