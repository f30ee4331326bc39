namespace Quicprochat.Sdk;

/// <summary>A new account.</summary>
public sealed record RegisterOptions
{
    /// <summary>The name: <c>alice</c>. With a server behind it, <c>alice@example.org</c>, that must be the server's name.</summary>
    public required string Account { get; init; }

    /// <summary>Where the server is.</summary>
    public required ServerAddress Server { get; init; }

    /// <summary>What an invite-only server asks for.</summary>
    public string? Invite { get; init; }

    /// <summary>What to call this device, for people: <c>laptop</c>.</summary>
    public string? DeviceName { get; init; }
}
