namespace Quicprochat.Sdk;

/// <summary>A further device of an account that exists.</summary>
public sealed record LinkOptions
{
    /// <summary>The account: <c>alice@example.org</c>.</summary>
    public required string Account { get; init; }

    /// <summary>Where the server is.</summary>
    public required ServerAddress Server { get; init; }

    /// <summary>What to call this device, for people: <c>phone</c>.</summary>
    public string? DeviceName { get; init; }
}
