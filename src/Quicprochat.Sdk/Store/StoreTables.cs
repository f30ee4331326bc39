using Quicprochat.Sdk.Store.Rows;
using Quicprochat.Sdk.Store.Sealing;
using Quicprochat.Sdk.Store.Tables;

namespace Quicprochat.Sdk.Store;

/// <summary>Every table of a store.</summary>
internal sealed class StoreTables : IDisposable
{
    private readonly List<SealedTable> _tables = [];
    private readonly StoreSession _session;
    private readonly StoreKeys _keys;

    public StoreTables(StoreSession session, StoreKeys keys)
    {
        (_session, _keys) = (session, keys);
        Settings = new SettingTable(Map("settings"));
        Groups = new GroupRecordTable(Map("mls"));
        Conversations = new ConversationTable(new RowTable<ConversationRow>(Map("conversations"), static row => row.Id.Memory), Map("conversation_groups"));
        Contacts = new RowTable<ContactRow>(Map("contacts"), static row => System.Text.Encoding.UTF8.GetBytes(row.Account));
        Messages = new MessageTable(Log("messages"));
        Receipts = new ReceiptTable(Map("receipts"));
        Outbox = new OutboxTable(Log("outbox"), Map("outbox_states"));
        LogPositions = new RowTable<LogPositionRow>(Map("log_positions"), static row => row.GroupId.Memory);
        PendingCommits = new RowTable<PendingCommitRow>(Map("pending_commits"), static row => row.GroupId.Memory);
        Held = new HeldTable(Log("held"));
        Mailbox = new MailboxTable(Map("mailbox"));
        Records = new RecordTable(Map("records"));
        Journal = new JournalTable(Log("journal"));
    }

    public SettingTable Settings { get; }

    public GroupRecordTable Groups { get; }

    public ConversationTable Conversations { get; }

    public RowTable<ContactRow> Contacts { get; }

    public MessageTable Messages { get; }

    public ReceiptTable Receipts { get; }

    public OutboxTable Outbox { get; }

    public RowTable<LogPositionRow> LogPositions { get; }

    public RowTable<PendingCommitRow> PendingCommits { get; }

    public HeldTable Held { get; }

    public MailboxTable Mailbox { get; }

    public RecordTable Records { get; }

    public JournalTable Journal { get; }

    /// <summary>Opens every row; the number of them.</summary>
    /// <exception cref="StoreException">One does not open.</exception>
    public long Verify() => _tables.Sum(static table => table.Verify());

    public void Dispose() => _tables.ForEach(static table => table.Dispose());

    private SealedMap Map(string name)
    {
        var map = new SealedMap(_session, _keys, name);
        _tables.Add(map);
        return map;
    }

    private SealedLog Log(string name)
    {
        var log = new SealedLog(_session, _keys, name);
        _tables.Add(log);
        return log;
    }
}
