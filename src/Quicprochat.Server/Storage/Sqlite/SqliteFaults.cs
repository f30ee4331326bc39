using SQLitePCL;

namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>SQLite's result codes as faults, each with a sentence that says what to do.</summary>
internal static class SqliteFaults
{
    /// <summary>The exception for a result code.</summary>
    public static Exception Of(int code, string detail, string path) => (code & 0xff) switch
    {
        raw.SQLITE_INTERRUPT => new OperationCanceledException(),
        raw.SQLITE_FULL => new StorageException(StorageFault.DiskFull, $"No space is left for the database {path}. Free some; nothing that was stored is lost."),
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => new StorageException(
            StorageFault.ReadOnly, $"The database {path} cannot be written ({detail}). Let the server's user write the file and its folder."),
        raw.SQLITE_CANTOPEN => new StorageException(
            StorageFault.ReadOnly, $"The database {path} cannot be opened or made ({detail}). See that the folder exists and that the server's user may write it."),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new StorageException(
            StorageFault.Damaged, $"The database {path} is damaged or is not a database ({detail}). Put it aside and restore a backup."),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new StorageException(
            StorageFault.Busy, $"Another process holds the database {path} for too long ({detail}). Look which one it is."),
        raw.SQLITE_IOERR => new StorageException(
            StorageFault.InputOutput, $"The disk of the database {path} gives errors ({detail}). Look at the system's log."),
        _ => new StorageException(StorageFault.Internal, $"The database {path} refused a statement: {detail} ({code})."),
    };
}
