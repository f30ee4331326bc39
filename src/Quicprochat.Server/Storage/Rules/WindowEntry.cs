namespace Quicprochat.Server.Storage.Rules;

/// <summary>An entry that may still be built on.</summary>
/// <param name="row">The store's own number of it.</param>
/// <param name="index">Its place in the log.</param>
/// <param name="hash">Its hash.</param>
/// <param name="epochAfter">The epoch it leads to.</param>
internal sealed class WindowEntry(long row, long index, Digest hash, long epochAfter)
{
    /// <summary>The store's own number of it.</summary>
    public long Row { get; } = row;

    /// <summary>Its place in the log.</summary>
    public long Index { get; } = index;

    /// <summary>Its hash.</summary>
    public Digest Hash { get; } = hash;

    /// <summary>The epoch it leads to.</summary>
    public long EpochAfter { get; } = epochAfter;

    /// <summary>A member reported it.</summary>
    public bool Reported { get; set; }

    /// <summary>The store's numbers of the devices on the roster after it, ascending; null until somebody asks.</summary>
    public int[]? Roster { get; set; }
}
