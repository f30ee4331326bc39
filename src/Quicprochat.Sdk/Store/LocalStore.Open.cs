using Quicprochat.Crypto;
using Quicprochat.Sdk.Store.Sealing;
using Quicprochat.Sdk.Store.Sqlite;
using Quicprochat.Sdk.Store.Workers;

namespace Quicprochat.Sdk.Store;

/// <content>How a store begins.</content>
internal sealed partial class LocalStore
{
    /// <summary>True when there is a store in a folder.</summary>
    public static bool Exists(string folder) => StoreFolder.HasDatabase(folder);

    /// <summary>Makes a store in a folder, which is made too when it is not there, and opens it.</summary>
    /// <exception cref="StoreException">There is one already, or the folder cannot be written, or is held by another process.</exception>
    public static Task<LocalStore> CreateAsync(string folder, StoreKey key, LocalStoreOptions? options = null) =>
        StartAsync(folder, key, options ?? new LocalStoreOptions(), create: true);

    /// <summary>Opens the store in a folder.</summary>
    /// <exception cref="StoreException">
    /// There is none, the key is not its key, it is damaged or of a newer version, the folder cannot be written, or is held by another process.
    /// </exception>
    public static Task<LocalStore> OpenAsync(string folder, StoreKey key, LocalStoreOptions? options = null) =>
        StartAsync(folder, key, options ?? new LocalStoreOptions(), create: false);

    private static async Task<LocalStore> StartAsync(string folder, StoreKey key, LocalStoreOptions options, bool create)
    {
        IStoreWorker worker = options.Worker ?? new StoreThread();
        try
        {
            return await OnWorkerAsync(worker, () => Start(folder, key, (options, worker), create));
        }
        catch
        {
            if (options.Worker is null)
            {
                ((StoreThread)worker).Dispose();
            }
            throw;
        }
    }

    private static LocalStore Start(string path, StoreKey key, (LocalStoreOptions Options, IStoreWorker Worker) with, bool create)
    {
        if (create)
        {
            StoreFolder.Create(path);
        }
        else if (!Exists(path))
        {
            StoreFolder.RequireReadable(path);
            throw NotFound(path);
        }
        StoreFolder folder = StoreFolder.Hold(path);
        StoreDatabase? database = null;
        StoreKeys? keys = null;
        try
        {
            folder.CreateDatabase();
            database = StoreDatabase.Open(folder.DatabasePath, with.Options.PagesMax);
            keys = create ? Make(database, path, key, with.Options) : Unlock(database, path, key, with.Options);
            // What a process that was killed left behind.
            database.TruncateLog();
            return new LocalStore(with.Options, with.Worker, folder, database, keys);
        }
        catch
        {
            keys?.Dispose();
            database?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    private static StoreKeys Make(StoreDatabase database, string path, StoreKey key, LocalStoreOptions options)
    {
        if (database.QueryInteger("SELECT count(*) FROM sqlite_schema") != 0)
        {
            throw new StoreException(StoreErrorCode.AlreadyExists, $"There is a store in {path}.", "Open it, or name another folder.");
        }
        Secret dataKey = Secret.Random(StoreKeys.KeySize, options.Random);
        try
        {
            StoreHeader header = StoreHeader.Wrap(options, key, dataKey);
            InTransaction(database, () =>
            {
                Schema.Migrate(database);
                WriteHeader(database, header);
            });
            return new StoreKeys(options.Crypto, options.Random, dataKey);
        }
        catch
        {
            dataKey.Dispose();
            throw;
        }
    }

    private static StoreKeys Unlock(StoreDatabase database, string path, StoreKey key, LocalStoreOptions options)
    {
        if (database.QueryInteger("SELECT count(*) FROM sqlite_schema") == 0)
        {
            // A process was killed while it made the store.
            throw NotFound(path);
        }
        if (database.QueryInteger("PRAGMA application_id") != Schema.ApplicationId)
        {
            throw SqliteErrors.Damaged($"{StoreFolder.DatabaseName} is a database of another program.");
        }
        long version = database.QueryInteger("PRAGMA user_version");
        if (version > Schema.Version)
        {
            throw new StoreException(
                StoreErrorCode.NewerVersion, $"A newer version of this program wrote the store (version {version}; this one knows {Schema.Version}).", "Use the newer program.");
        }
        Secret dataKey = ReadHeader(database).Unwrap(options.Crypto, key);
        try
        {
            if (version < Schema.Version)
            {
                InTransaction(database, () => Schema.Migrate(database));
            }
            return new StoreKeys(options.Crypto, options.Random, dataKey);
        }
        catch
        {
            dataKey.Dispose();
            throw;
        }
    }

    private static StoreHeader ReadHeader(StoreDatabase database)
    {
        using Statement statement = database.PrepareOnce("SELECT bytes FROM header WHERE id = 1");
        return statement.Step() && StoreHeader.TryRead(statement.Blob(0), out StoreHeader? header)
            ? header
            : throw SqliteErrors.Damaged("Its header does not parse.");
    }

    private static void WriteHeader(StoreDatabase database, StoreHeader header)
    {
        using Statement statement = database.PrepareOnce("INSERT OR REPLACE INTO header (id, bytes) VALUES (1, ?1)");
        statement.Bind(1, header.Bytes).Run();
    }

    private static void InTransaction(StoreDatabase database, Action action)
    {
        database.Execute("BEGIN IMMEDIATE");
        action();
        database.Execute("COMMIT");
    }

    private static StoreException NotFound(string path) =>
        new(StoreErrorCode.NotFound, $"There is no store in {path}.", "Make one by registering, or check the path.");

    private static Task<T> OnWorkerAsync<T>(IStoreWorker worker, Func<T> function)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        worker.Run(() =>
        {
            try
            {
                completion.SetResult(function());
            }
            catch (Exception exception)
            {
                // Whatever it is, it is the caller's.
                completion.SetException(exception);
            }
        });
        return completion.Task;
    }
}
