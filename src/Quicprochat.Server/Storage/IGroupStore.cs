namespace Quicprochat.Server.Storage;

/// <summary>
/// Groups: the log of commits and the roster after each of the entries that may still be built on. Methods that name a device answer as if there were no such group
/// (null) unless the device is on the roster after one of those: garbage that removes a device does not shut it out.
/// </summary>
internal interface IGroupStore
{
    /// <summary>Creates the group with entry 0, or appends a commit, after the rules of docs/protocol/groups.md, in one transaction with everything that goes with it.</summary>
    ValueTask<AppendResult> AppendAsync(NewEntry entry, long nowMs, CancellationToken cancellationToken);

    /// <summary>Entries from an index on, bounded by count and bytes, but at least one if there is one.</summary>
    ValueTask<LogPage?> ReadLogAsync(GroupId group, DeviceAddress reader, long fromIndex, PageBounds bounds, CancellationToken cancellationToken);

    /// <summary>An entry (the last when null) with its GroupInfo; null unless the device is on the roster after that very entry, and the GroupInfo is still kept.</summary>
    ValueTask<GroupInfoRecord?> ReadGroupInfoAsync(GroupId group, DeviceAddress reader, Digest? entry, CancellationToken cancellationToken);

    /// <summary>Marks an entry as reported; false when there is no such entry for this device.</summary>
    ValueTask<bool> ReportEntryAsync(GroupId group, DeviceAddress reporter, Digest entry, CancellationToken cancellationToken);

    /// <summary>The roster after an entry among those that may still be built on (the last when null), or null.</summary>
    ValueTask<IReadOnlyList<DeviceAddress>?> ReadRosterAsync(GroupId group, Digest? entry, CancellationToken cancellationToken);

    /// <summary>The groups with the device on the roster after their last entry that nobody reported.</summary>
    ValueTask<IReadOnlyList<GroupHead>> ListGroupsAsync(DeviceAddress device, CancellationToken cancellationToken);
}
