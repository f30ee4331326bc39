namespace Quicprochat.Server.Storage;

/// <summary>Bounds that the store itself watches.</summary>
internal sealed record StoreLimits
{
    /// <summary>How long what nobody fetches is kept: 30 days by default.</summary>
    public long RetentionMs { get; init; } = 30L * 24 * 3600 * 1000;

    /// <summary>A message of an epoch further back is refused.</summary>
    public int PastEpochsMax { get; init; } = 5;

    /// <summary>Devices on a roster.</summary>
    public int RosterMax { get; init; } = 2000;

    /// <summary>Unreported entries from the end of a log that may be built on.</summary>
    public int BaseEntriesMax { get; init; } = 64;

    /// <summary>Unreported entries from the end of a log whose GroupInfo is kept.</summary>
    public int GroupInfosMax { get; init; } = 16;

    /// <summary>Reported ones count only beyond this many: whoever reports everything cannot make the store keep everything.</summary>
    public int EntriesMax { get; init; } = 512;
}
