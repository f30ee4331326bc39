using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Storage.Rules;

namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>Messages, the mailboxes that point to them, and what was sent before.</summary>
/// <param name="session">The session.</param>
internal sealed class MailboxTable(Session session)
{
    private readonly Database _database = session.Database;
    private readonly List<int> _recipients = [];
    private readonly List<long> _acknowledged = [];
    private long _newestMessage = -1;

    /// <summary>Stores a message for the others on the roster.</summary>
    public SendResult Send(NewMessage message, UInt128 digest, long nowMs)
    {
        if (session.Groups.Find(message.Group) is not { } window)
        {
            return new SendResult(SendStatus.GroupUnknown, 0, 0);
        }
        if (session.Devices.FindActive(message.Sender) is not int sender)
        {
            return new SendResult(SendStatus.NotMember, 0, 0);
        }
        if (Sent(window.Row, message.Id, digest) is SendResult before)
        {
            return before;
        }
        if (window.Find(message.EntryHash) is not { } entry || !window.Takes(entry))
        {
            // Who never was a member is not told how far the group is.
            return new SendResult(session.Groups.MayRead(window, sender) ? SendStatus.EpochStale : SendStatus.NotMember, 0, 0);
        }
        int[] roster = session.Groups.Roster(entry);
        if (!Roster.Has(roster, sender))
        {
            return new SendResult(SendStatus.NotMember, 0, 0);
        }
        if (message.Payload.Blob is not null && !session.Blobs.IsComplete(window.Row, message.Payload))
        {
            return new SendResult(SendStatus.BlobUnknown, 0, 0);
        }
        var stored = new StoredMessage
        {
            Kind = message.Kind,
            Group = message.Group,
            EntryHash = message.EntryHash,
            Id = message.Id,
            Payload = message.Payload,
            TimeMs = nowMs,
        };
        int recipients = Deliver(window.Row, entry.Row, stored, roster, sender);
        _database.Use("INSERT INTO sent (message_id, chat, digest, time_ms, recipients) VALUES (?, ?, ?, ?, ?)")
            .BindId(1, message.Id.Value).Bind(2, window.Row).BindId(3, digest).Bind(4, nowMs).Bind(5, recipients).Run();
        return new SendResult(SendStatus.Stored, nowMs, recipients);
    }

    /// <summary>Stores a message once and a pointer for each device that its account still lists.</summary>
    /// <returns>How many.</returns>
    public int Deliver(int chat, long entry, StoredMessage message, IEnumerable<int> devices, int except = 0)
    {
        _recipients.Clear();
        foreach (int device in devices)
        {
            if (device != except && session.Devices.Row(device).IsActive)
            {
                _recipients.Add(device);
            }
        }
        if (_recipients.Count == 0)
        {
            return 0;
        }
        long id = Insert(chat, entry, message, _recipients.Count);
        foreach (int device in _recipients)
        {
            DeviceRow row = session.Devices.Row(device);
            row.Newest++;
            _database.Use("INSERT INTO mailbox (device, seq, message) VALUES (?, ?, ?)").Bind(1, device).Bind(2, row.Newest).Bind(3, id).Run();
            session.Notices.Envelopes.Add((device, row.Newest, message));
        }
        return _recipients.Count;
    }

    /// <summary>What is behind a cursor.</summary>
    public MailboxPage Read(int device, long cursor, PageBounds bounds)
    {
        Statement rows = _database.Use("""
            SELECT b.seq, m.chat, m.entry, m.kind, m.time_ms, m.message_id, m.bytes, m.blob, m.length FROM mailbox b JOIN message m ON m.id = b.message
            WHERE b.device = ? AND b.seq > ? ORDER BY b.seq LIMIT ?
            """).Bind(1, device).Bind(2, cursor).Bind(3, Math.Max(1, bounds.Count));
        var envelopes = new List<StoredEnvelope>();
        long bytes = 0;
        while (rows.Read())
        {
            StoredMessage message = Message(rows);
            bytes += message.Payload.Bytes.Length;
            if (envelopes.Count > 0 && bytes > bounds.Bytes)
            {
                break;
            }
            envelopes.Add(new StoredEnvelope(rows.Int64(0), message));
        }
        rows.Reset();
        return new MailboxPage(envelopes, session.Devices.State(device));
    }

    /// <summary>Drops everything up to a number.</summary>
    public void Acknowledge(int device, long upTo)
    {
        long end = Math.Min(upTo, session.Devices.Row(device).Newest);
        Statement states = _database.Use("UPDATE mailbox_state SET acknowledged = ?2 WHERE device = ?1 AND acknowledged < ?2").Bind(1, device).Bind(2, end);
        if (states.Run() > 0)
        {
            Drop(device, end);
        }
    }

    /// <summary>Drops a mailbox; its numbers go on growing if the device comes back.</summary>
    public void Empty(int device) => Acknowledge(device, long.MaxValue);

    /// <summary>Forgets the number of the last message.</summary>
    public void Forget() => _newestMessage = -1;

    private SendResult? Sent(int chat, MessageId id, UInt128 digest)
    {
        Statement rows = _database.Use("SELECT digest, time_ms, recipients FROM sent WHERE message_id = ? AND chat = ?").BindId(1, id.Value).Bind(2, chat);
        if (!rows.Read())
        {
            return null;
        }
        SendResult result = rows.UInt128(0) == digest
            ? new SendResult(SendStatus.AlreadyThere, rows.Int64(1), rows.Int32(2))
            : new SendResult(SendStatus.Conflict, 0, 0);
        rows.Reset();
        return result;
    }

    private long Insert(int chat, long entry, StoredMessage message, int remaining)
    {
        if (_newestMessage < 0)
        {
            _newestMessage = _database.Int64("SELECT max(id) FROM message");
        }
        Statement insert = _database.Use("""
            INSERT INTO message (id, chat, entry, kind, time_ms, remaining, message_id, bytes, blob, length) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """).Bind(1, ++_newestMessage).Bind(2, chat).Bind(3, entry).Bind(4, (int)message.Kind).Bind(5, message.TimeMs).Bind(6, remaining);
        _ = message.Id is MessageId id ? insert.BindId(7, id.Value) : insert.BindNull(7);

        // A commit's bytes are in its entry.
        insert.Bind(8, message.Kind == EnvelopeKind.Commit ? default : message.Payload).Run();
        return _newestMessage;
    }

    private StoredMessage Message(Statement rows)
    {
        var kind = (EnvelopeKind)rows.Int32(3);
        StoredEntry? entry = kind is EnvelopeKind.Commit or EnvelopeKind.Welcome ? session.Groups.EntryIn(rows.Int64(2), withCommit: kind == EnvelopeKind.Commit) : null;
        return new StoredMessage
        {
            Kind = kind,
            Group = session.Groups.Id(rows.Int32(1)),
            EntryHash = entry?.Hash ?? session.Groups.HashOf(rows.Int64(2)),
            Id = rows.IsNull(5) ? null : new MessageId(rows.UInt128(5)),
            Payload = kind == EnvelopeKind.Commit ? entry!.Commit : rows.Payload(6),
            TimeMs = rows.Int64(4),
            Entry = entry is null ? null : entry with { Commit = default },
        };
    }

    private void Drop(int device, long upTo)
    {
        _acknowledged.Clear();
        Statement pointers = _database.Use("DELETE FROM mailbox WHERE device = ? AND seq <= ? RETURNING message").Bind(1, device).Bind(2, upTo);
        while (pointers.Read())
        {
            _acknowledged.Add(pointers.Int64(0));
        }
        foreach (long message in _acknowledged)
        {
            if (_database.Use("DELETE FROM message WHERE id = ? AND remaining <= 1").Bind(1, message).Run() == 0)
            {
                _database.Use("UPDATE message SET remaining = remaining - 1 WHERE id = ?").Bind(1, message).Run();
            }
        }
    }
}
