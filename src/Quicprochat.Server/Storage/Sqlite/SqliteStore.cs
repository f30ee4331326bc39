using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Quicprochat.Server.Storage.Changes;

namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>Everything in one SQLite database: a thread that writes, some that read, and a look now and then at what other instances wrote.</summary>
internal sealed partial class SqliteStore : IServerStore
{
    private readonly SqliteStoreOptions _options;
    private readonly MailboxHub _mailboxes = new();
    private readonly ChangeHub _changes = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly WriteThread _writer;
    private readonly ReadPool _readers;
    private readonly Task _look;

    private SqliteStore(SqliteStoreOptions options, Database writer, IReadOnlyList<Database> readers)
    {
        _options = options;
        long origin = BinaryPrimitives.ReadInt64BigEndian(RandomNumberGenerator.GetBytes(8));
        var foreign = new ForeignChanges(origin, _mailboxes, _changes, writer.Int64("SELECT max(id) FROM change"));
        var session = new Session(writer, options.Limits, isWriter: true);
        _writer = new WriteThread(session, new ChangeTable(writer, origin), options.QueueMax, Publish);
        _readers = new ReadPool(readers.Select(database => new Session(database, options.Limits, isWriter: false)));
        _look = LookForChangesAsync(foreign);
    }

    /// <summary>Opens a store, and makes or migrates its database. Throws <see cref="StorageException"/> when it must not or cannot be used.</summary>
    public static SqliteStore Open(SqliteStoreOptions options)
    {
        var open = new List<Database>();
        try
        {
            MakeFile(options.Path);
            Database writer = Connect(open, options);
            Migrator.Prepare(writer, Migrations.All);
            writer.Execute("PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536");
            if (options.PagesMax > 0)
            {
                writer.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {options.PagesMax}"));
            }
            for (int i = 0; i < options.Readers; i++)
            {
                Connect(open, options).Execute("PRAGMA query_only = ON; PRAGMA cache_size = -16384");
            }
            return new SqliteStore(options, writer, open[1..]);
        }
        catch
        {
            open.ForEach(database => database.Dispose());
            throw;
        }
    }

    /// <summary>Runs a query on a reader's thread and one snapshot.</summary>
    public ValueTask<T> ReadAsync<T>(Func<Session, T> query, CancellationToken cancellationToken) => _readers.RunAsync(query, cancellationToken);

    /// <summary>Runs a change in a transaction that it may share with others.</summary>
    public ValueTask<T> WriteAsync<T>(Func<Session, T> change, CancellationToken cancellationToken) => _writer.RunAsync(change, cancellationToken);

    /// <inheritdoc/>
    public IChangeReader OpenChanges() => _changes.Open();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _look;
        await _readers.DisposeAsync();
        await _writer.DisposeAsync();
        _stop.Dispose();
    }

    // Only the server's user may read it.
    private static void MakeFile(string path)
    {
        if (OperatingSystem.IsWindows() || File.Exists(path))
        {
            return;
        }
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using var made = new FileStream(path, options);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // SQLite meets the same, and says it in the same words as for a file that is there.
        }
    }

    private static Database Connect(List<Database> open, SqliteStoreOptions options)
    {
        var database = Database.Open(options.Path, options.BusyTimeoutMs);
        open.Add(database);
        database.Execute("PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY");
        return database;
    }

    private void Publish(Notices notices)
    {
        foreach ((int device, long sequence, StoredMessage message) in notices.Envelopes)
        {
            _mailboxes.Publish(device, sequence, message);
        }
        foreach ((_, StoreChange.DevicesPublished change) in notices.Lists)
        {
            _changes.Publish(change);
        }
        foreach ((_, StoreChange.KeyPackageTaken change) in notices.Packages)
        {
            _changes.Publish(change);
        }
    }

    private async Task LookForChangesAsync(ForeignChanges foreign)
    {
        using var timer = new PeriodicTimer(_options.PollInterval, _options.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await LookOnceAsync(foreign);
            }
        }
        catch (OperationCanceledException)
        {
            // The store is being closed.
        }
    }

    private async ValueTask LookOnceAsync(ForeignChanges foreign)
    {
        try
        {
            await ReadAsync(foreign.Look, _stop.Token);
        }
        catch (StorageException)
        {
            // The next look finds what this one missed; whoever reads or writes meanwhile is told.
        }
    }
}
