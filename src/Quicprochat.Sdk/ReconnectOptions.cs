namespace Quicprochat.Sdk;

/// <summary>How a lost connection is made again: after a delay that doubles each time and is drawn at random around its value.</summary>
public sealed record ReconnectOptions
{
    /// <summary>The first delay.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest delay.</summary>
    public TimeSpan DelayMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often before giving up and going Offline; null never gives up.</summary>
    public int? AttemptsMax { get; init; }
}
