namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>A connection and its tables. What tables remember holds for the writer until somebody else writes, and for readers only where it can never change.</summary>
internal sealed class Session : IDisposable
{
    /// <summary>A session on a connection that is ready.</summary>
    public Session(Database database, StoreLimits limits, bool isWriter)
    {
        Database = database;
        Limits = limits;
        Devices = new DeviceTable(database, isWriter);
        Accounts = new AccountTable(database, Devices);
        KeyPackages = new KeyPackageTable(database);
        Groups = new GroupTable(this, isWriter);
        Mailboxes = new MailboxTable(this);
        Blobs = new BlobTable(this);
    }

    /// <summary>The connection.</summary>
    public Database Database { get; }

    /// <summary>Bounds.</summary>
    public StoreLimits Limits { get; }

    /// <summary>Accounts and device lists.</summary>
    public AccountTable Accounts { get; }

    /// <summary>Devices.</summary>
    public DeviceTable Devices { get; }

    /// <summary>Key packages.</summary>
    public KeyPackageTable KeyPackages { get; }

    /// <summary>Groups, logs, rosters.</summary>
    public GroupTable Groups { get; }

    /// <summary>Messages and mailboxes.</summary>
    public MailboxTable Mailboxes { get; }

    /// <summary>Blobs.</summary>
    public BlobTable Blobs { get; }

    /// <summary>What this transaction changed, for those who wait for it.</summary>
    public Notices Notices { get; } = new();

    /// <summary>Forgets what is remembered of the database.</summary>
    public void Forget()
    {
        Devices.Forget();
        Groups.Forget();
        Mailboxes.Forget();
    }

    /// <inheritdoc/>
    public void Dispose() => Database.Dispose();
}
