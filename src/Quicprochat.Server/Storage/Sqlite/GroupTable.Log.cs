using Quicprochat.Server.Storage.Rules;

namespace Quicprochat.Server.Storage.Sqlite;

internal sealed partial class GroupTable
{
    private const string EntryColumns = "SELECT hash, idx, body, submitter, time_ms, reported, bytes, blob, length FROM entry ";

    /// <summary>Entries from an index on.</summary>
    public LogPage ReadLog(GroupWindow window, long fromIndex, PageBounds bounds)
    {
        Statement rows = _database.Use(EntryColumns + "WHERE chat = ? AND idx >= ? ORDER BY idx LIMIT ?")
            .Bind(1, window.Row).Bind(2, fromIndex).Bind(3, Math.Max(1, bounds.Count));
        var entries = new List<StoredEntry>();
        long bytes = 0;
        while (rows.Read())
        {
            StoredEntry entry = Entry(rows, withCommit: true);
            bytes += entry.Body.Length + entry.Commit.Bytes.Length;
            if (entries.Count > 0 && bytes > bounds.Bytes)
            {
                break;
            }
            entries.Add(entry);
        }
        return new LogPage(entries, window.Newest.Index);
    }

    /// <summary>An entry by its place, or null.</summary>
    public StoredEntry? EntryAt(GroupWindow window, long index)
    {
        Statement rows = _database.Use(EntryColumns + "WHERE chat = ? AND idx = ?").Bind(1, window.Row).Bind(2, index);
        StoredEntry? entry = rows.Read() ? Entry(rows, withCommit: true) : null;
        rows.Reset();
        return entry;
    }

    /// <summary>An entry by its number.</summary>
    public StoredEntry EntryIn(long row, bool withCommit)
    {
        Statement rows = _database.Use(EntryColumns + "WHERE id = ?").Bind(1, row);
        StoredEntry entry = rows.Read()
            ? Entry(rows, withCommit)
            : throw new StorageException(StorageFault.Damaged, $"The database {_database.Path} names a log entry that it does not have. Restore a backup.");
        rows.Reset();
        return entry;
    }

    /// <summary>The hash of an entry.</summary>
    public Digest HashOf(long row)
    {
        Statement rows = _database.Use("SELECT hash FROM entry WHERE id = ?").Bind(1, row);
        Digest hash = rows.Read() ? rows.Digest(0) : default;
        rows.Reset();
        return hash;
    }

    /// <summary>The GroupInfo of an entry, or null.</summary>
    public GroupInfoRecord? ReadGroupInfo(GroupWindow window, GroupId group, int reader, Digest? hash)
    {
        WindowEntry? entry = hash is Digest named ? window.Find(named) : window.Newest;
        if (entry is null || !Rules.Roster.Has(Roster(entry), reader))
        {
            return null;
        }
        Statement rows = _database.Use("SELECT bytes, blob, length FROM group_info WHERE entry = ?").Bind(1, entry.Row);
        if (!rows.Read())
        {
            return null;
        }
        StoredPayload info = rows.Payload(0);
        rows.Reset();
        return new GroupInfoRecord(EntryIn(entry.Row, withCommit: true), info, new GroupHead(group, window.Newest.Index, window.Newest.Hash));
    }

    /// <summary>Marks an entry as reported.</summary>
    public bool Report(GroupWindow window, Digest hash)
    {
        // Entry 0 cannot be invalid, and is what an empty group would have to stand on.
        if (window.Find(hash) is not { Index: > 0 } entry)
        {
            return false;
        }
        if (!entry.Reported)
        {
            _database.Use("UPDATE entry SET reported = 1 WHERE id = ?").Bind(1, entry.Row).Run();
            entry.Reported = true;
        }
        return true;
    }

    private StoredEntry Entry(Statement rows, bool withCommit) => new()
    {
        Hash = rows.Digest(0),
        Index = rows.Int64(1),
        Body = rows.Bytes(2).ToArray(),
        Submitter = session.Devices.Address(rows.Int32(3)),
        TimeMs = rows.Int64(4),
        Reported = rows.Flag(5),
        Commit = withCommit ? rows.Payload(6) : default,
    };
}
