namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>What a transaction changed that somebody may wait for. It is told here after the commit, and to other instances by a row of the table <c>change</c>.</summary>
internal sealed class Notices
{
    /// <summary>Envelopes that were stored.</summary>
    public List<(int Device, long Sequence, StoredMessage Message)> Envelopes { get; } = [];

    /// <summary>Lists that were published: the account's number and the change.</summary>
    public List<(int Account, StoreChange.DevicesPublished Change)> Lists { get; } = [];

    /// <summary>Key packages that were handed out: the device's number and the change.</summary>
    public List<(int Device, StoreChange.KeyPackageTaken Change)> Packages { get; } = [];

    /// <summary>True when there is nothing to tell.</summary>
    public bool IsEmpty => Envelopes.Count == 0 && Lists.Count == 0 && Packages.Count == 0;

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Envelopes.Clear();
        Lists.Clear();
        Packages.Clear();
    }
}
