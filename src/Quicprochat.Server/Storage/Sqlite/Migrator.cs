using System.Globalization;

namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>Brings a database to the newest version, and refuses what it does not know.</summary>
internal static class Migrator
{
    /// <summary>Opens a connection's database: checks that it is ours, and migrates, each version in one transaction. Another process may do the same at the same time.</summary>
    public static void Prepare(Database database, IReadOnlyList<string> migrations)
    {
        // Before anything is written: a newer database is left as it is.
        CheckIsOurs(database, migrations.Count);
        database.Execute("PRAGMA journal_mode = WAL");
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            long version = CheckIsOurs(database, migrations.Count);
            for (int next = (int)version; next < migrations.Count; next++)
            {
                database.Execute(migrations[next]);
            }
            if (version < migrations.Count)
            {
                database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {Migrations.ApplicationId}"));
                database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {migrations.Count}"));
            }
            database.Execute("COMMIT");
        }
        finally
        {
            if (database.InTransaction)
            {
                database.Execute("ROLLBACK");
            }
        }
    }

    private static long CheckIsOurs(Database database, int newest)
    {
        long version = database.Int64("PRAGMA user_version");
        long tables = database.Int64("SELECT count(*) FROM sqlite_schema");
        if (tables > 0 && database.Int64("PRAGMA application_id") != Migrations.ApplicationId)
        {
            throw new StorageException(StorageFault.Damaged, $"{database.Path} is a database of another program. Name another data folder.");
        }
        if (version > newest)
        {
            throw new StorageException(
                StorageFault.NewerVersion, $"The database {database.Path} has version {version}, this server knows up to {newest}. Start the newer server, or restore an older backup.");
        }
        return version;
    }
}
