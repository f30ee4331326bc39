using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Storage.Rules;

namespace Quicprochat.Server.Storage.Memory;

internal sealed partial class MemoryStore
{
    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(NewEntry entry, long nowMs, CancellationToken cancellationToken) =>
        Do(() => AppendRules.PayloadsFit(entry) ? Append(entry, nowMs) : new AppendResult.Refused(AppendRefusal.PayloadWrong), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LogPage?> ReadLogAsync(GroupId group, DeviceAddress reader, long fromIndex, PageBounds bounds, CancellationToken cancellationToken) => Do(
        () =>
        {
            if (FindFor(group, reader) is not { } found)
            {
                return null;
            }
            var entries = new List<StoredEntry>();
            long bytes = 0;
            foreach (StoredEntry entry in found.Log.Values.Where(entry => entry.Index >= fromIndex).Take(Math.Max(1, bounds.Count)))
            {
                bytes += entry.Body.Length + entry.Commit.Bytes.Length;
                if (entries.Count > 0 && bytes > bounds.Bytes)
                {
                    break;
                }
                entries.Add(entry);
            }
            return new LogPage(entries, found.Window.Newest.Index);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<GroupInfoRecord?> ReadGroupInfoAsync(GroupId group, DeviceAddress reader, Digest? entry, CancellationToken cancellationToken) => Do(
        () =>
        {
            if (Active(reader) is not { } device || _groups.GetValueOrDefault(group) is not { } found)
            {
                return null;
            }
            WindowEntry newest = found.Window.Newest;
            WindowEntry? asked = entry is Digest hash ? found.Window.Find(hash) : newest;
            return asked is not null && Roster.Has(asked.Roster!, device.Number) && found.GroupInfos.TryGetValue(asked.Index, out StoredPayload info)
                ? new GroupInfoRecord(found.Log[asked.Index], info, new GroupHead(group, newest.Index, newest.Hash))
                : null;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ReportEntryAsync(GroupId group, DeviceAddress reporter, Digest entry, CancellationToken cancellationToken) => Do(
        () =>
        {
            if (FindFor(group, reporter) is not { } found || found.Window.Find(entry) is not { Index: > 0 } reported)
            {
                return false;
            }
            reported.Reported = true;
            found.Log[reported.Index] = found.Log[reported.Index] with { Reported = true };
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeviceAddress>?> ReadRosterAsync(GroupId group, Digest? entry, CancellationToken cancellationToken) =>
        Do<IReadOnlyList<DeviceAddress>?>(
            () => _groups.GetValueOrDefault(group) is { } found && (entry is Digest hash ? found.Window.Find(hash) : found.Window.Newest) is { } asked
                ? [.. asked.Roster!.Select(number => _numbered[number - 1].Address)]
                : null,
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<GroupHead>> ListGroupsAsync(DeviceAddress device, CancellationToken cancellationToken) =>
        Do<IReadOnlyList<GroupHead>>(
            () => Active(device) is not { } found ? [] :
            [
                .. _groups.Where(group => Roster.Has(group.Value.Window.NewestUnreported.Roster!, found.Number))
                    .Select(group => new GroupHead(group.Key, group.Value.Window.Newest.Index, group.Value.Window.Newest.Hash)),
            ],
            cancellationToken);

    private static bool MayRead(MemoryGroup group, MemoryDevice device) => group.Window.Entries.Exists(entry => Roster.Has(entry.Roster!, device.Number));

    private MemoryGroup? FindFor(GroupId group, DeviceAddress reader) =>
        Active(reader) is { } device && _groups.GetValueOrDefault(group) is { } found && MayRead(found, device) ? found : null;

    private AppendResult Append(NewEntry entry, long nowMs)
    {
        MemoryGroup? group = _groups.GetValueOrDefault(entry.Group);
        if (group is null && entry.Index != 0)
        {
            return new AppendResult.Refused(AppendRefusal.GroupUnknown);
        }
        if (group is not null && Misplaced(group, entry) is { } answer)
        {
            return answer;
        }
        WindowEntry? under = group?.Window.Find(entry.Base!.Value);
        if (group is not null && under is null)
        {
            return new AppendResult.Refused(AppendRefusal.BaseUnknown);
        }
        if (under is not null && (entry.Epoch != under.EpochAfter || entry.Epoch == long.MaxValue))
        {
            return new AppendResult.Refused(AppendRefusal.EpochWrong);
        }
        RosterChange change = AppendRules.Apply(entry, under?.Roster ?? [], Find, _limits.RosterMax);
        if (change.Refusal is AppendRefusal refusal)
        {
            return new AppendResult.Refused(refusal);
        }
        if (!new[] { entry.Commit, entry.Welcome, entry.GroupInfo }.All(payload => IsThere(group, payload)))
        {
            return new AppendResult.Refused(AppendRefusal.BlobUnknown);
        }
        if (group is null)
        {
            _groups.Add(entry.Group, group = new MemoryGroup(new GroupWindow(_groups.Count + 1, _limits)));
        }
        StoredEntry stored = Keep(group, entry, change, nowMs);
        return new AppendResult.Accepted(entry.Hash, nowMs, entry.Index == 0 ? 0 : DeliverCommit(entry, stored, under!.Roster!, change));
    }

    private AppendResult? Misplaced(MemoryGroup group, NewEntry entry)
    {
        long newest = group.Window.Newest.Index;
        StoredEntry? there = group.Log.GetValueOrDefault(entry.Index);
        if (there?.Hash == entry.Hash)
        {
            return new AppendResult.AlreadyThere(entry.Hash, there.TimeMs);
        }
        if (entry.Index == 0)
        {
            return new AppendResult.Refused(AppendRefusal.GroupExists);
        }
        if (Active(entry.Submitter) is not { } submitter || !MayRead(group, submitter))
        {
            return new AppendResult.Refused(AppendRefusal.NotMember);
        }
        if (entry.Index > newest + 1 || (group.Log.GetValueOrDefault(entry.Index - 1) is { } prior && prior.Hash != entry.Follows))
        {
            return new AppendResult.Refused(AppendRefusal.FollowsUnknown);
        }
        return entry.Index == newest + 1 ? null : new AppendResult.Conflict(there);
    }

    private static StoredEntry Keep(MemoryGroup group, NewEntry entry, RosterChange change, long nowMs)
    {
        var stored = new StoredEntry
        {
            Hash = entry.Hash,
            Index = entry.Index,
            Body = entry.Body,
            Commit = entry.Commit,
            Submitter = entry.Submitter,
            TimeMs = nowMs,
            Reported = false,
        };
        group.Log.Add(entry.Index, stored);
        group.GroupInfos.Add(entry.Index, entry.GroupInfo);
        group.Window.Entries.Add(new WindowEntry(entry.Index, entry.Index, entry.Hash, entry.Index == 0 ? 0 : entry.Epoch + 1) { Roster = change.Roster });
        List<WindowEntry> gone = group.Window.Trim();
        foreach (WindowEntry left in gone)
        {
            group.LeftMs[left.Index] = nowMs;
        }
        foreach (WindowEntry without in gone.Concat(group.Window.WithoutGroupInfo()))
        {
            group.GroupInfos.Remove(without.Index);
        }
        return stored;
    }

    private int DeliverCommit(NewEntry entry, StoredEntry stored, int[] before, RosterChange change)
    {
        StoredMessage Message(EnvelopeKind kind, StoredPayload payload) => new()
        {
            Kind = kind,
            Group = entry.Group,
            EntryHash = entry.Hash,
            Id = null,
            Payload = payload,
            TimeMs = stored.TimeMs,
            Entry = stored with { Commit = default },
        };
        return Deliver(Message(EnvelopeKind.Commit, entry.Commit), before.Where(device => device != change.Submitter))
            + Deliver(Message(EnvelopeKind.Welcome, entry.Welcome), change.Added);
    }
}
