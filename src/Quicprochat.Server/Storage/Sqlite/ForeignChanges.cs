using Quicprochat.Server.Storage.Changes;

namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>Looks for what other instances on the same database stored.</summary>
/// <param name="origin">The number of this instance.</param>
/// <param name="mailboxes">Who reads mailboxes.</param>
/// <param name="changes">Who reads changes.</param>
/// <param name="seen">The last change there is.</param>
internal sealed class ForeignChanges(long origin, MailboxHub mailboxes, ChangeHub changes, long seen)
{
    private long _seen = seen;

    /// <summary>Looks once; calls must not overlap.</summary>
    public bool Look(Session session)
    {
        Database database = session.Database;
        Statement rows = database.Use("SELECT id, origin, bytes FROM change WHERE id > ? ORDER BY id").Bind(1, _seen);
        bool found = false;
        while (rows.Read())
        {
            bool gap = rows.Int64(0) != _seen + 1;
            _seen = rows.Int64(0);
            found = true;
            if (gap)
            {
                LookAtAll(session);
            }
            else if (rows.Int64(1) != origin)
            {
                Publish(session, rows.Bytes(2));
            }
        }
        return found;
    }

    private void Publish(Session session, ReadOnlySpan<byte> bytes)
    {
        for (long left = NoticeCodec.ReadInt(ref bytes); left > 0; left--)
        {
            int device = (int)NoticeCodec.ReadInt(ref bytes);
            mailboxes.Publish(device, NoticeCodec.ReadInt(ref bytes), null);
        }
        for (long left = NoticeCodec.ReadInt(ref bytes); left > 0; left--)
        {
            string account = session.Accounts.Name((int)NoticeCodec.ReadInt(ref bytes));
            changes.Publish(new StoreChange.DevicesPublished(account, NoticeCodec.ReadInt(ref bytes)));
        }
        for (long left = NoticeCodec.ReadInt(ref bytes); left > 0; left--)
        {
            changes.Publish(new StoreChange.KeyPackageTaken(session.Devices.Address((int)NoticeCodec.ReadInt(ref bytes))));
        }
    }

    // Rows went before they were read: whoever waits is told to look.
    private void LookAtAll(Session session)
    {
        foreach (int device in mailboxes.Devices)
        {
            mailboxes.Publish(device, session.Devices.State(device).Newest, null);
        }
        changes.Publish(new StoreChange.Missed());
    }
}
