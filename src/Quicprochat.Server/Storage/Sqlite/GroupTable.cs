using Quicprochat.Server.Storage.Rules;

namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>Groups and their rosters. The log itself is in GroupTable.Log.cs, appending in GroupTable.Append.cs.</summary>
/// <param name="session">The session.</param>
/// <param name="isWriter">Windows are remembered until <see cref="Forget"/>.</param>
internal sealed partial class GroupTable(Session session, bool isWriter)
{
    private const int RememberedMax = 20_000;

    private readonly Database _database = session.Database;
    private readonly Dictionary<GroupId, GroupWindow> _windows = [];
    private readonly Dictionary<int, GroupId> _ids = [];

    /// <summary>The end of a group's log, or null when there is no such group.</summary>
    public GroupWindow? Find(GroupId group)
    {
        if (isWriter && _windows.TryGetValue(group, out GroupWindow? window))
        {
            return window;
        }
        Statement rows = _database.Use("SELECT id, window_start FROM chat WHERE group_id = ?").Bind(1, group.Span);
        if (!rows.Read())
        {
            return null;
        }
        window = new GroupWindow(rows.Int32(0), session.Limits);
        long start = rows.Int64(1);
        rows.Reset();
        rows = _database.Use("SELECT id, idx, hash, epoch_after, reported FROM entry WHERE chat = ? AND idx >= ? ORDER BY idx").Bind(1, window.Row).Bind(2, start);
        while (rows.Read())
        {
            window.Entries.Add(new WindowEntry(rows.Int64(0), rows.Int64(1), rows.Digest(2), rows.Int64(3)) { Reported = rows.Flag(4) });
        }
        if (isWriter)
        {
            Remember(group, window);
        }
        return window;
    }

    /// <summary>The id of a group.</summary>
    public GroupId Id(int number)
    {
        if (!_ids.TryGetValue(number, out GroupId id))
        {
            Statement rows = _database.Use("SELECT group_id FROM chat WHERE id = ?").Bind(1, number);
            id = rows.Read() ? new GroupId(rows.Bytes(0)) : default;
            rows.Reset();
            if (_ids.Count >= RememberedMax)
            {
                _ids.Clear();
            }
            _ids.Add(number, id);
        }
        return id;
    }

    /// <summary>The roster after an entry of the window.</summary>
    public int[] Roster(WindowEntry entry)
    {
        if (entry.Roster is null)
        {
            Statement rows = _database.Use("SELECT devices FROM roster WHERE entry = ?").Bind(1, entry.Row);
            entry.Roster = rows.Read() ? Rules.Roster.Read(rows.Bytes(0)) : [];
            rows.Reset();
        }
        return entry.Roster;
    }

    /// <summary>True when the device may know of the group: it is on the roster after an entry that may still be built on. Garbage that removes it does not shut it out.</summary>
    public bool MayRead(GroupWindow window, int device)
    {
        for (int i = window.Entries.Count - 1; i >= 0; i--)
        {
            if (Rules.Roster.Has(Roster(window.Entries[i]), device))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The group and its window, if the device may read of it.</summary>
    public GroupWindow? FindFor(GroupId group, DeviceAddress reader) =>
        session.Devices.FindActive(reader) is int device && Find(group) is { } window && MayRead(window, device) ? window : null;

    /// <summary>The groups a device is on the roster of.</summary>
    public List<GroupHead> List(int device)
    {
        var chats = new List<int>();
        Statement rows = _database.Use("SELECT chat FROM member WHERE device = ?").Bind(1, device);
        while (rows.Read())
        {
            chats.Add(rows.Int32(0));
        }
        var heads = new List<GroupHead>(chats.Count);
        foreach (int chat in chats)
        {
            rows = _database.Use("""
                SELECT r.devices FROM entry e JOIN roster r ON r.entry = e.id WHERE e.chat = ? AND e.reported = 0 AND r.devices IS NOT NULL
                ORDER BY e.idx DESC LIMIT 1
                """).Bind(1, chat);
            bool isOn = rows.Read() && Rules.Roster.Has(rows.Bytes(0), device);
            rows.Reset();
            if (isOn)
            {
                heads.Add(Head(chat));
            }
        }
        return heads;
    }

    /// <summary>Forgets the windows, and ids that a transaction which was taken back may have made.</summary>
    public void Forget()
    {
        _windows.Clear();
        _ids.Clear();
    }

    private void Remember(GroupId group, GroupWindow window)
    {
        if (_windows.Count >= RememberedMax)
        {
            _windows.Clear();
        }
        _windows.Add(group, window);
    }

    private GroupHead Head(int chat)
    {
        Statement rows = _database.Use("SELECT idx, hash FROM entry WHERE chat = ? ORDER BY idx DESC LIMIT 1").Bind(1, chat);
        GroupHead head = rows.Read() ? new GroupHead(Id(chat), rows.Int64(0), rows.Digest(1)) : default;
        rows.Reset();
        return head;
    }
}
