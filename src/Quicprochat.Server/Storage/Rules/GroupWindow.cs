namespace Quicprochat.Server.Storage.Rules;

/// <summary>The end of a group's log: the entries that may still be built on, and what follows from them.</summary>
/// <param name="row">The store's own number of the group.</param>
/// <param name="limits">The bounds.</param>
internal sealed class GroupWindow(int row, StoreLimits limits)
{
    /// <summary>The store's own number of the group.</summary>
    public int Row { get; } = row;

    /// <summary>The entries, oldest first.</summary>
    public List<WindowEntry> Entries { get; } = [];

    /// <summary>The last entry of the log.</summary>
    public WindowEntry Newest => Entries[^1];

    /// <summary>The last entry that nobody reported; the last one if all are.</summary>
    public WindowEntry NewestUnreported => Entries.FindLast(entry => !entry.Reported) ?? Newest;

    /// <summary>
    /// The epoch the group is in, as far as a server can know: the highest that an entry leads to. Reported entries do not count, so that a chain of garbage
    /// does not make the true epoch a stale one.
    /// </summary>
    public long Epoch
    {
        get
        {
            long epoch = -1;
            foreach (WindowEntry entry in Entries)
            {
                epoch = entry.Reported ? epoch : Math.Max(epoch, entry.EpochAfter);
            }
            return epoch < 0 ? Newest.EpochAfter : epoch;
        }
    }

    /// <summary>The entry with this hash, if it may still be built on.</summary>
    public WindowEntry? Find(Digest hash)
    {
        for (int i = Entries.Count - 1; i >= 0; i--)
        {
            if (Entries[i].Hash == hash)
            {
                return Entries[i];
            }
        }
        return null;
    }

    /// <summary>True when messages of the epoch that the entry began are still taken.</summary>
    public bool Takes(WindowEntry entry) => Epoch - entry.EpochAfter <= limits.PastEpochsMax;

    /// <summary>Takes those that may no longer be built on off the window.</summary>
    public List<WindowEntry> Trim()
    {
        int first = FirstOf(limits.BaseEntriesMax);
        List<WindowEntry> gone = Entries[..first];
        Entries.RemoveRange(0, first);
        return gone;
    }

    /// <summary>Entries whose GroupInfo goes.</summary>
    public IEnumerable<WindowEntry> WithoutGroupInfo() => Entries.Take(FirstOf(limits.GroupInfosMax));

    // The place of the n-th unreported entry from the end.
    private int FirstOf(int unreported)
    {
        int end = Math.Max(0, Entries.Count - limits.EntriesMax);
        for (int i = Entries.Count - 1; i > end; i--)
        {
            if (!Entries[i].Reported && --unreported == 0)
            {
                return i;
            }
        }
        return end;
    }
}
