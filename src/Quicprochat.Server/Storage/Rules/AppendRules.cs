namespace Quicprochat.Server.Storage.Rules;

/// <summary>The rules of docs/protocol/groups.md that do not depend on how things are stored; every store asks here.</summary>
internal static class AppendRules
{
    /// <summary>Rule 5, which needs no log: what comes with an entry is there and is what the body names.</summary>
    public static bool PayloadsFit(NewEntry entry)
    {
        if (entry.GroupInfo.IsAbsent)
        {
            return false;
        }
        if (entry.Index == 0)
        {
            return entry.Follows is null && entry.Base is null && entry.CommitHash is null && entry.Commit.IsAbsent && entry.Welcome.IsAbsent
                && !entry.External && entry.Epoch == 0;
        }
        bool changes = entry.Added.Count > 0 || entry.Removed.Count > 0;
        return entry.Follows is not null && entry.Base is not null && !entry.Commit.IsAbsent && !(entry.External && changes)
            && entry.Welcome.IsAbsent == (entry.Added.Count == 0)
            && entry.CommitHash == (entry.Commit.Blob ?? Digest.Of(entry.Commit.Bytes.Span));
    }

    /// <summary>Rules 3 and 4: the roster after an entry, against the roster after its base.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="before">The roster after its base; empty for index 0.</param>
    /// <param name="find">The number of a device that is on its account's newest list or was; null when it never was. The flag asks for those that are.</param>
    /// <param name="rosterMax">Devices on a roster.</param>
    public static RosterChange Apply(NewEntry entry, int[] before, Func<DeviceAddress, bool, int?> find, int rosterMax)
    {
        if (find(entry.Submitter, true) is not int submitter || (entry.Index > 0 && !Roster.Has(before, submitter)))
        {
            return new RosterChange(AppendRefusal.NotMember);
        }
        var roster = new SortedSet<int>(before);
        var added = new List<int>(entry.Added.Count);
        foreach (DeviceAddress address in entry.Added)
        {
            if (find(address, true) is not int device)
            {
                return new RosterChange(AppendRefusal.AddedUnknown);
            }
            if (!roster.Add(device))
            {
                return new RosterChange(AppendRefusal.AddedTwice);
            }
            added.Add(device);
        }
        foreach (DeviceAddress address in entry.Removed)
        {
            // A device that its account revoked can still be taken off.
            if (find(address, false) is not int device || !Roster.Has(before, device) || !roster.Remove(device))
            {
                return new RosterChange(AppendRefusal.RemovedUnknown);
            }
        }
        if (entry.Index == 0 && !roster.Contains(submitter))
        {
            return new RosterChange(AppendRefusal.NotMember);
        }
        return roster.Count is 0 || roster.Count > rosterMax
            ? new RosterChange(AppendRefusal.RosterSize)
            : new RosterChange(submitter, [.. roster], added);
    }
}
