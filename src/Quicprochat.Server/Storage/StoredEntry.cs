namespace Quicprochat.Server.Storage;

/// <summary>An entry of a group's log.</summary>
internal sealed record StoredEntry
{
    /// <summary>Its hash.</summary>
    public required Digest Hash { get; init; }

    /// <summary>Its place.</summary>
    public required long Index { get; init; }

    /// <summary>The <c>LogEntryBody</c> as it came.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The commit; absent for index 0, and in the entry that goes with a Welcome.</summary>
    public required StoredPayload Commit { get; init; }

    /// <summary>Who submitted it.</summary>
    public required DeviceAddress Submitter { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long TimeMs { get; init; }

    /// <summary>A member reported it invalid.</summary>
    public required bool Reported { get; init; }
}
