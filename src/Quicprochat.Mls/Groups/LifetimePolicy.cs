namespace Quicprochat.Mls.Groups;

/// <summary>How long key packages are good (RFC 9420 §7.2).</summary>
public sealed record LifetimePolicy
{
    private const ulong Day = 24 * 60 * 60;

    /// <summary>Lifetime of key packages this client makes, in seconds.</summary>
    public ulong KeyPackageSeconds { get; init; } = 84 * Day;

    /// <summary>Longest lifetime accepted, in seconds.</summary>
    public ulong MaxSeconds { get; init; } = 366 * Day;

    /// <summary>How far clocks may be apart, in seconds; key packages are dated back by as much.</summary>
    public ulong SkewSeconds { get; init; } = 60 * 60;

    /// <summary>
    /// Whether expired leaves make a group not joinable. Off by default: a member that was added long ago and has not committed
    /// since would lock everyone out who comes later.
    /// </summary>
    public bool CheckTree { get; init; }
}
