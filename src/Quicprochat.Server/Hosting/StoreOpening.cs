using Quicprochat.Server.Storage;
using Quicprochat.Server.Storage.Sqlite;

namespace Quicprochat.Server.Hosting;

/// <summary>Opens the database in the data folder, and says what is wrong when that fails.</summary>
internal static class StoreOpening
{
    /// <summary>The database's file in the data folder.</summary>
    public const string FileName = "server.db";

    /// <exception cref="QpcServerException">It cannot be opened.</exception>
    public static IServerStore Open(string folder, QpcServerOptions options, TimeProvider clock)
    {
        try
        {
            return SqliteStore.Open(new SqliteStoreOptions
            {
                Path = Path.Combine(folder, FileName),
                Limits = new StoreLimits { RetentionMs = (long)options.MessageRetention.TotalMilliseconds },
                Time = clock,
            });
        }
        catch (StorageException e)
        {
            throw new QpcServerException(ErrorOf(e.Fault), e.Message, e);
        }
    }

    private static QpcServerError ErrorOf(StorageFault fault) => fault switch
    {
        StorageFault.NewerVersion => QpcServerError.DatabaseNewer,
        StorageFault.Damaged => QpcServerError.DatabaseDamaged,
        _ => QpcServerError.DatabaseUnusable,
    };
}
