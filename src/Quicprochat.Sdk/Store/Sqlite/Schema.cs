namespace Quicprochat.Sdk.Store.Sqlite;

/// <summary>
/// The tables, by numbered steps of which each leads from one version to the next. A step that has been released is never changed.
/// </summary>
internal static class Schema
{
    /// <summary>Says that the file is a store: "qpcs".</summary>
    public const int ApplicationId = 0x71706373;

    /// <summary>The version this program writes.</summary>
    public const int Version = 1;

    /// <summary>Tables of rows that are found by their key.</summary>
    private static readonly string[] _maps =
    [
        "settings", "mls", "conversations", "conversation_groups", "contacts", "receipts", "log_positions", "pending_commits", "mailbox", "outbox_states", "records",
    ];

    /// <summary>Tables of rows that have an order.</summary>
    private static readonly string[] _logs = ["messages", "outbox", "held", "journal"];

    public static void Migrate(StoreDatabase database)
    {
        long version = database.QueryInteger("PRAGMA user_version");
        if (version < 1)
        {
            Create(database);
        }
        database.Execute($"PRAGMA user_version={Version}");
    }

    private static void Create(StoreDatabase database)
    {
        database.Execute($"PRAGMA application_id={ApplicationId}");
        database.Execute("CREATE TABLE header (id INTEGER PRIMARY KEY CHECK (id = 1), bytes BLOB NOT NULL)");
        foreach (string name in _maps)
        {
            // Clustered by owner: what is read together lies together.
            database.Execute($"CREATE TABLE {name} (owner BLOB NOT NULL, key BLOB NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (owner, key)) WITHOUT ROWID");
        }
        foreach (string name in _logs)
        {
            // AUTOINCREMENT: a number is never given out again, not even after its row was deleted.
            database.Execute(
                $"CREATE TABLE {name} (number INTEGER PRIMARY KEY AUTOINCREMENT, owner BLOB NOT NULL, key BLOB NOT NULL, sealed BLOB NOT NULL, UNIQUE (owner, key))");
            database.Execute($"CREATE INDEX {name}_by_owner ON {name} (owner, number)");
        }
    }
}
