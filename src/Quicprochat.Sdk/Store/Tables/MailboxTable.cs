using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>How far the mailbox was taken: the one row of its table.</summary>
internal sealed class MailboxTable(SealedMap map)
{
    /// <summary>What was stored; a row of zeros at first.</summary>
    public MailboxRow Read() => map.Find(default, default) is { } content ? Row.Decode<MailboxRow>(content) : new MailboxRow();

    public void Put(MailboxRow row) => map.Put(default, default, Row.Encode(row));
}
