namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>The steps of a sweep, each short enough for the writer's queue.</summary>
/// <param name="session">The writer's session.</param>
/// <param name="cutoffMs">What is older goes.</param>
internal readonly struct Sweeper(Session session, long cutoffMs)
{
    private const int StepRows = 500;

    private Database Database => session.Database;

    /// <summary>The number of the last message whose time is over. They lie in the order of their time.</summary>
    public long LastExpired()
    {
        Statement rows = Database.Use("SELECT id FROM message WHERE time_ms >= ? ORDER BY id LIMIT 1").Bind(1, cutoffMs);
        long last = rows.Read() ? rows.Int64(0) - 1 : Database.Int64("SELECT max(id) FROM message");
        rows.Reset();
        return last;
    }

    /// <summary>Drops pointers to messages up to a number, of devices behind one.</summary>
    /// <returns>The device to go on behind, or null at the end, and how many went.</returns>
    public (int? Next, int Dropped) DropPointers(long lastMessage, int behind)
    {
        int dropped = 0;
        for (int steps = 0; steps < StepRows && dropped < StepRows; steps++)
        {
            Statement rows = Database.Use("SELECT device FROM mailbox WHERE device > ? ORDER BY device LIMIT 1").Bind(1, behind);
            if (!rows.Read())
            {
                return (null, dropped);
            }
            int device = rows.Int32(0);
            rows.Reset();
            int ofDevice = DropPointersOf(device, lastMessage);
            dropped += ofDevice;

            // A mailbox with more than a step holds is gone on with.
            behind = ofDevice == StepRows ? device - 1 : device;
        }
        return (behind, dropped);
    }

    /// <summary>Drops messages to which nothing points any more.</summary>
    public int DropMessages(long lastMessage) =>
        Database.Use("DELETE FROM message WHERE id IN (SELECT id FROM message WHERE id <= ? ORDER BY id LIMIT ?)").Bind(1, lastMessage).Bind(2, StepRows).Run();

    /// <summary>Drops what was remembered against sending twice. The ids' own clock finds them, the server's decides.</summary>
    public int DropSent() => Database.Use("""
        DELETE FROM sent WHERE (message_id, chat) IN (SELECT message_id, chat FROM sent WHERE message_id < ? AND time_ms < ? LIMIT ?)
        """).BindId(1, MessageId.FirstAt(cutoffMs).Value).Bind(2, cutoffMs).Bind(3, StepRows).Run();

    /// <summary>Drops log entries that left their window before the cutoff.</summary>
    public int DropEntries()
    {
        var entries = new List<long>();
        Statement rows = Database.Use("SELECT entry FROM roster WHERE left_ms < ? LIMIT ?").Bind(1, cutoffMs).Bind(2, StepRows / 10);
        while (rows.Read())
        {
            entries.Add(rows.Int64(0));
        }
        foreach (long entry in entries)
        {
            Database.Use("DELETE FROM entry WHERE id = ?").Bind(1, entry).Run();
            Database.Use("DELETE FROM roster WHERE entry = ?").Bind(1, entry).Run();
        }
        return entries.Count;
    }

    /// <summary>Drops blobs that no message and no entry names; their chunks go afterwards.</summary>
    public int DropBlobs() => Database.Use("""
        DELETE FROM blob WHERE id IN (SELECT b.id FROM blob b WHERE b.time_ms < ?
            AND NOT EXISTS (SELECT 1 FROM message m WHERE m.blob = b.hash AND m.chat = b.chat)
            AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.blob = b.hash AND e.chat = b.chat)
            AND NOT EXISTS (SELECT 1 FROM group_info g JOIN entry e ON e.id = g.entry WHERE g.blob = b.hash AND e.chat = b.chat) LIMIT ?)
        """).Bind(1, cutoffMs).Bind(2, StepRows).Run();

    /// <summary>Drops some chunks whose blob is gone. A blob's number is never given again.</summary>
    public int DropChunks() => Database.Use("DELETE FROM chunk WHERE id IN (SELECT id FROM chunk WHERE blob NOT IN (SELECT id FROM blob) LIMIT 4)").Run();

    /// <summary>Drops invitations that are over.</summary>
    public int DropInvites(long nowMs) => Database.Use("DELETE FROM invite WHERE expires_ms <= ?").Bind(1, nowMs).Run();

    private int DropPointersOf(int device, long lastMessage)
    {
        Statement rows = Database.Use("SELECT seq, message FROM mailbox WHERE device = ? ORDER BY seq LIMIT ?").Bind(1, device).Bind(2, StepRows);
        long last = 0;
        int count = 0;
        while (rows.Read() && rows.Int64(1) <= lastMessage)
        {
            last = rows.Int64(0);
            count++;
        }
        rows.Reset();
        if (count > 0)
        {
            Database.Use("DELETE FROM mailbox WHERE device = ? AND seq <= ?").Bind(1, device).Bind(2, last).Run();
            Database.Use("UPDATE mailbox_state SET lost = ? WHERE device = ?").Bind(1, last).Bind(2, device).Run();
        }
        return count;
    }
}
