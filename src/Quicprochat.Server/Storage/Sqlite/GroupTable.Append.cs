using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Storage.Rules;

namespace Quicprochat.Server.Storage.Sqlite;

internal sealed partial class GroupTable
{
    /// <summary>Appends an entry after the rules of docs/protocol/groups.md. Everything that can be refused is refused before the first write.</summary>
    public AppendResult Append(NewEntry entry, long nowMs)
    {
        GroupWindow? window = Find(entry.Group);
        if (window is null && entry.Index != 0)
        {
            return new AppendResult.Refused(AppendRefusal.GroupUnknown);
        }
        if (window is not null && Misplaced(window, entry) is { } answer)
        {
            return answer;
        }
        WindowEntry? under = window?.Find(entry.Base!.Value);
        if (window is not null && under is null)
        {
            return new AppendResult.Refused(AppendRefusal.BaseUnknown);
        }
        if (under is not null && (entry.Epoch != under.EpochAfter || entry.Epoch == long.MaxValue))
        {
            return new AppendResult.Refused(AppendRefusal.EpochWrong);
        }
        int[] before = under is null ? [] : Roster(under);
        RosterChange change = AppendRules.Apply(entry, before, session.Devices.Find, session.Limits.RosterMax);
        if (change.Refusal is AppendRefusal refusal)
        {
            return new AppendResult.Refused(refusal);
        }
        if (!BlobsAreThere(window, entry))
        {
            return new AppendResult.Refused(AppendRefusal.BlobUnknown);
        }
        window ??= NewGroup(entry.Group);
        WindowEntry kept = Keep(window, entry, change, nowMs);
        Trim(window, nowMs);
        return new AppendResult.Accepted(entry.Hash, nowMs, Deliver(window, entry, kept, before, change));
    }

    // What is to be answered when the entry is not the next of the log; rule 1.
    private AppendResult? Misplaced(GroupWindow window, NewEntry entry)
    {
        StoredEntry? there = entry.Index <= window.Newest.Index ? EntryAt(window, entry.Index) : null;
        if (there?.Hash == entry.Hash)
        {
            return new AppendResult.AlreadyThere(entry.Hash, there.TimeMs);
        }
        if (entry.Index == 0)
        {
            return new AppendResult.Refused(AppendRefusal.GroupExists);
        }
        if (session.Devices.FindActive(entry.Submitter) is not int submitter || !MayRead(window, submitter))
        {
            return new AppendResult.Refused(AppendRefusal.NotMember);
        }
        if (entry.Index > window.Newest.Index + 1 || (EntryAt(window, entry.Index - 1) is { } prior && prior.Hash != entry.Follows))
        {
            return new AppendResult.Refused(AppendRefusal.FollowsUnknown);
        }
        return entry.Index == window.Newest.Index + 1 ? null : new AppendResult.Conflict(there);
    }

    private bool BlobsAreThere(GroupWindow? window, NewEntry entry) => new[] { entry.Commit, entry.Welcome, entry.GroupInfo }
        .All(payload => payload.Blob is null || (window is not null && session.Blobs.IsComplete(window.Row, payload)));

    private GroupWindow NewGroup(GroupId group)
    {
        Statement rows = _database.Use("INSERT INTO chat (group_id, window_start) VALUES (?, 0) RETURNING id").Bind(1, group.Span);
        rows.Read();
        var window = new GroupWindow(rows.Int32(0), session.Limits);
        rows.Reset();
        Remember(group, window);
        return window;
    }

    private WindowEntry Keep(GroupWindow window, NewEntry entry, RosterChange change, long nowMs)
    {
        long epochAfter = entry.Index == 0 ? 0 : entry.Epoch + 1;
        Statement rows = _database.Use("""
            INSERT INTO entry (chat, idx, hash, epoch_after, time_ms, submitter, reported, body, bytes, blob, length)
            VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?) RETURNING id
            """).Bind(1, window.Row).Bind(2, entry.Index).Bind(3, entry.Hash).Bind(4, epochAfter).Bind(5, nowMs)
            .Bind(6, change.Submitter).Bind(7, entry.Body.Span).Bind(8, entry.Commit);
        rows.Read();
        var kept = new WindowEntry(rows.Int64(0), entry.Index, entry.Hash, epochAfter) { Roster = change.Roster };
        rows.Reset();
        _database.Use("INSERT INTO roster (entry, devices) VALUES (?, ?)").Bind(1, kept.Row).Bind(2, Rules.Roster.Write(change.Roster)).Run();
        _database.Use("INSERT INTO group_info (entry, bytes, blob, length) VALUES (?, ?, ?, ?)").Bind(1, kept.Row).Bind(2, entry.GroupInfo).Run();
        foreach (int device in change.Added)
        {
            _database.Use("INSERT OR IGNORE INTO member (device, chat) VALUES (?, ?)").Bind(1, device).Bind(2, window.Row).Run();
        }
        window.Entries.Add(kept);
        return kept;
    }

    private void Trim(GroupWindow window, long nowMs)
    {
        List<WindowEntry> gone = window.Trim();
        foreach (WindowEntry entry in gone)
        {
            ForgetMembers(window, Roster(entry));
            _database.Use("UPDATE roster SET devices = NULL, left_ms = ? WHERE entry = ?").Bind(1, nowMs).Bind(2, entry.Row).Run();
        }
        if (gone.Count > 0)
        {
            _database.Use("UPDATE chat SET window_start = ? WHERE id = ?").Bind(1, window.Entries[0].Index).Bind(2, window.Row).Run();
        }
        foreach (WindowEntry entry in gone.Concat(window.WithoutGroupInfo()))
        {
            _database.Use("DELETE FROM group_info WHERE entry = ?").Bind(1, entry.Row).Run();
        }
    }

    private void ForgetMembers(GroupWindow window, int[] roster)
    {
        foreach (int device in roster.Except(Roster(window.Entries[0])))
        {
            if (!window.Entries.Exists(entry => Rules.Roster.Has(Roster(entry), device)))
            {
                _database.Use("DELETE FROM member WHERE device = ? AND chat = ?").Bind(1, device).Bind(2, window.Row).Run();
            }
        }
    }

    private int Deliver(GroupWindow window, NewEntry entry, WindowEntry kept, int[] before, RosterChange change)
    {
        if (entry.Index == 0)
        {
            return 0;
        }
        StoredEntry stored = EntryIn(kept.Row, withCommit: false);
        StoredMessage Message(EnvelopeKind kind, StoredPayload payload) => new()
        {
            Kind = kind,
            Group = entry.Group,
            EntryHash = entry.Hash,
            Id = null,
            Payload = payload,
            TimeMs = stored.TimeMs,
            Entry = stored,
        };
        int recipients = session.Mailboxes.Deliver(window.Row, kept.Row, Message(EnvelopeKind.Commit, entry.Commit), before.Where(device => device != change.Submitter));
        return recipients + session.Mailboxes.Deliver(window.Row, kept.Row, Message(EnvelopeKind.Welcome, entry.Welcome), change.Added);
    }
}
