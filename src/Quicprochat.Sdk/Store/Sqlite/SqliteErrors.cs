using SQLitePCL;

namespace Quicprochat.Sdk.Store.Sqlite;

/// <summary>What SQLite's codes mean to somebody who has a store.</summary>
internal static class SqliteErrors
{
    public static StoreException ToException(int code, string message) => (code & 0xff) switch
    {
        raw.SQLITE_FULL => DiskFull(),
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH or raw.SQLITE_CANTOPEN => ReadOnly(message),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_FORMAT => Damaged($"SQLite says: {message}."),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new StoreException(
            StoreErrorCode.InUse, "Another program holds the database.", "End it and try again."),
        _ => new StoreException(
            StoreErrorCode.InputOutput, $"The database cannot be read or written: {message} ({code}).", "Check the disk and the system's log."),
    };

    public static StoreException DiskFull() => new(
        StoreErrorCode.DiskFull, "The disk is full.", "Make room and try again; nothing that was stored is lost.");

    public static StoreException Damaged(string what) => new(
        StoreErrorCode.Damaged, $"The store is damaged. {what}", "Restore the folder from a backup, or start with a new one and link or register this device again.");

    public static StoreException ReadOnly(string message) => new(
        StoreErrorCode.ReadOnly, $"The store's folder or its files cannot be written: {message}.", "Give the user that runs this the right to write there.");
}
