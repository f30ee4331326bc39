using Quicprochat.Mls.Storage;
using Quicprochat.Sdk.Store.Rows;
using Quicprochat.Sdk.Store.Tables;

namespace Quicprochat.Sdk.Store;

/// <summary>
/// All that happens together or not at all. It lives as long as the function it was handed to, on the store's thread, and sees what it
/// wrote itself. What groups store meanwhile, through <see cref="LocalStore.Groups"/>, is part of it.
/// </summary>
internal sealed class StoreTransaction(StoreTables tables, bool writes)
{
    private readonly StoreTables _tables = tables;
    private List<Action>? _rollbacks;
    private List<Action>? _commits;
    private bool _over;

    /// <summary>True when nothing can be written.</summary>
    public bool IsReadOnly => !writes;

    /// <summary>Named values: identity, keys, server.</summary>
    public SettingTable Settings => Tables.Settings;

    /// <summary>The conversations.</summary>
    public ConversationTable Conversations => Tables.Conversations;

    /// <summary>Pinned account keys, by account.</summary>
    public RowTable<ContactRow> Contacts => Tables.Contacts;

    /// <summary>The history.</summary>
    public MessageTable Messages => Tables.Messages;

    /// <summary>How far messages came at their recipients.</summary>
    public ReceiptTable Receipts => Tables.Receipts;

    /// <summary>What is to be sent.</summary>
    public OutboxTable Outbox => Tables.Outbox;

    /// <summary>How far the logs of groups were followed, by group id.</summary>
    public RowTable<LogPositionRow> LogPositions => Tables.LogPositions;

    /// <summary>Own commits on their way, by group id.</summary>
    public RowTable<PendingCommitRow> PendingCommits => Tables.PendingCommits;

    /// <summary>Envelopes that wait for the log.</summary>
    public HeldTable Held => Tables.Held;

    /// <summary>How far the mailbox was taken.</summary>
    public MailboxTable Mailbox => Tables.Mailbox;

    /// <summary>The records of MLS groups, for those who read or store them themselves.</summary>
    public IGroupStore GroupRecords => Tables.Groups;

    /// <summary>Anything else that has a key.</summary>
    public RecordTable Records => Tables.Records;

    /// <summary>Anything else that has an order.</summary>
    public JournalTable Journal => Tables.Journal;

    private StoreTables Tables => _over ? throw new InvalidOperationException("The transaction is over.") : _tables;

    /// <summary>To be called, on the store's thread, when the transaction is undone for whatever reason, before another one runs: drop what memory holds ahead of the store.</summary>
    public void OnRollback(Action action) => (_rollbacks ??= []).Add(action);

    /// <summary>To be called, on the store's thread and in the order of transactions, when everything is on disk.</summary>
    public void OnCommit(Action action) => (_commits ??= []).Add(action);

    /// <summary>The function it was handed to has returned.</summary>
    public void Close() => _over = true;

    public void RolledBack() => Call(_rollbacks);

    public void Committed() => Call(_commits);

    private static void Call(List<Action>? actions) => actions?.ForEach(static action => action());
}
