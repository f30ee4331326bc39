namespace Quicprochat.Server.Storage;

/// <summary>A log entry that is to be appended, with what goes with it. Lengths were checked; what depends on the log is not.</summary>
internal sealed record NewEntry
{
    /// <summary>The group.</summary>
    public required GroupId Group { get; init; }

    /// <summary>Its place in the log; 0 creates the group.</summary>
    public required long Index { get; init; }

    /// <summary>Hash of the entry before; null for index 0.</summary>
    public required Digest? Follows { get; init; }

    /// <summary>Hash of the entry that began the epoch the commit is made in; null for index 0.</summary>
    public required Digest? Base { get; init; }

    /// <summary>The epoch the commit is made in.</summary>
    public required long Epoch { get; init; }

    /// <summary>SHA-256 of the commit as the body says it; null for index 0.</summary>
    public required Digest? CommitHash { get; init; }

    /// <summary>Devices that come on the roster. In index 0, the creator.</summary>
    public IReadOnlyList<DeviceAddress> Added { get; init; } = [];

    /// <summary>Devices that leave it.</summary>
    public IReadOnlyList<DeviceAddress> Removed { get; init; } = [];

    /// <summary>An external commit by a device that is on the roster.</summary>
    public bool External { get; init; }

    /// <summary>The <c>LogEntryBody</c> as it came.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The entry's hash: <see cref="LogEntryHash.Of"/> the body.</summary>
    public required Digest Hash { get; init; }

    /// <summary>The commit; absent for index 0.</summary>
    public StoredPayload Commit { get; init; }

    /// <summary>The Welcome; there exactly if devices are added by a commit.</summary>
    public StoredPayload Welcome { get; init; }

    /// <summary>The GroupInfo of the epoch after.</summary>
    public required StoredPayload GroupInfo { get; init; }

    /// <summary>Who submits it.</summary>
    public required DeviceAddress Submitter { get; init; }
}
