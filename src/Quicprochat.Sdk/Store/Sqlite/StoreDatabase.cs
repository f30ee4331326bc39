using SQLitePCL;

namespace Quicprochat.Sdk.Store.Sqlite;

/// <summary>The one connection to a store's file. For one thread at a time.</summary>
internal sealed class StoreDatabase : IDisposable
{
    private const int PageSize = 4096;

    private readonly List<Statement> _statements = [];
    private readonly string _logPath;
    private readonly PageScrubber _scrubber;
    private Statement? _begin;
    private Statement? _commit;
    private Statement? _rollBack;
    private Statement? _setSavepoint;
    private Statement? _rollBackToSavepoint;
    private Statement? _releaseSavepoint;

    static StoreDatabase() => Batteries_V2.Init();

    private StoreDatabase(sqlite3 handle, PageScrubber scrubber, string path) => (Handle, _scrubber, _logPath) = (handle, scrubber, path + "-wal");

    public sqlite3 Handle { get; }

    public bool InTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    /// <summary>The last error; null when there was none.</summary>
    public StoreException? LastError { get; private set; }

    /// <summary>The disk failed. After a failed fsync nobody knows what is on it; opening the file again reads what really is.</summary>
    public bool IsSuspect { get; private set; }

    /// <summary>Length of the write-ahead log in bytes.</summary>
    public long LogLength => new FileInfo(_logPath) is { Exists: true } file ? file.Length : 0;

    /// <summary>Opens a file that is there, though it may be empty. No other program can open it until this one closes it.</summary>
    public static StoreDatabase Open(string path, int? pagesMax)
    {
        PageScrubber scrubber;
        try
        {
            scrubber = new PageScrubber(path, PageSize);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.ReadOnly(exception.Message);
        }
        int code = raw.sqlite3_open_v2(path, out sqlite3 handle, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX, null);
        var database = new StoreDatabase(handle, scrubber, path);
        try
        {
            database.Check(code);
            if (raw.sqlite3_db_readonly(handle, "main") != 0)
            {
                throw SqliteErrors.ReadOnly("it may only be read");
            }
            // Exclusive before the log is touched: the index of the log is then kept in memory and there is no third file.
            database.Execute("PRAGMA locking_mode=EXCLUSIVE");
            database.Execute($"PRAGMA page_size={PageSize}");
            database.Execute("PRAGMA temp_store=MEMORY");
            database.Execute("PRAGMA secure_delete=ON");
            database.Execute("PRAGMA journal_mode=WAL");
            database.Execute("PRAGMA synchronous=FULL");
            database.Execute("PRAGMA wal_autocheckpoint=0");
            database.Execute("PRAGMA cell_size_check=ON");
            database.Execute("PRAGMA trusted_schema=OFF");
            if (database.QueryInteger("PRAGMA page_size") != PageSize)
            {
                throw SqliteErrors.Damaged("Its pages have a size that was never used.");
            }
            if (pagesMax is { } pages)
            {
                database.Execute($"PRAGMA max_page_count={pages}");
            }
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public Statement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out sqlite3_stmt statement));
        var prepared = new Statement(this, statement);
        _statements.Add(prepared);
        return prepared;
    }

    /// <summary>A statement for one use; the caller disposes it.</summary>
    public Statement PrepareOnce(string sql)
    {
        Check(raw.sqlite3_prepare_v2(Handle, sql, out sqlite3_stmt statement));
        return new Statement(this, statement);
    }

    public void Execute(string sql)
    {
        using Statement statement = PrepareOnce(sql);
        statement.Run();
    }

    public long QueryInteger(string sql)
    {
        using Statement statement = PrepareOnce(sql);
        return statement.Step() ? statement.Integer(0) : 0;
    }

    /// <summary>Reads the whole file and compares what it says in two places.</summary>
    public void CheckIntegrity()
    {
        using Statement statement = PrepareOnce("PRAGMA integrity_check(1)");
        if (!statement.Step() || statement.Text(0) is not "ok")
        {
            throw SqliteErrors.Damaged($"SQLite says: {statement.Text(0)}.");
        }
    }

    /// <summary>
    /// Brings the write-ahead log into the database and cuts it to nothing, so that what was deleted or overwritten is in no file any more.
    /// In this order it does not matter when the process is killed: as long as the log is there, all is done again.
    /// </summary>
    public void TruncateLog()
    {
        try
        {
            HashSet<uint> changed = _scrubber.ChangedPages();
            Checkpoint("FULL");
            _scrubber.Scrub(changed);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreErrorCode.InputOutput, $"What was deleted cannot be overwritten: {exception.Message}", "Check the disk and the system's log.", exception);
        }
        Checkpoint("TRUNCATE");
    }

    public void Begin() => (_begin ??= Prepare("BEGIN")).Run();

    public void Commit() => (_commit ??= Prepare("COMMIT")).Run();

    public void RollBack() => (_rollBack ??= Prepare("ROLLBACK")).Run();

    /// <summary>There is one savepoint at a time.</summary>
    public void SetSavepoint() => (_setSavepoint ??= Prepare("SAVEPOINT call")).Run();

    public void RollBackToSavepoint() => (_rollBackToSavepoint ??= Prepare("ROLLBACK TO call")).Run();

    public void ReleaseSavepoint() => (_releaseSavepoint ??= Prepare("RELEASE call")).Run();

    public void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Error();
        }
    }

    /// <summary>What went wrong last.</summary>
    public StoreException Error()
    {
        int code = raw.sqlite3_extended_errcode(Handle);
        IsSuspect |= (code & 0xff) == raw.SQLITE_IOERR;
        return LastError = SqliteErrors.ToException(code, raw.sqlite3_errmsg(Handle).utf8_to_string());
    }

    public void Dispose()
    {
        foreach (Statement statement in _statements)
        {
            statement.Dispose();
        }
        Handle.Dispose();
        _scrubber.Dispose();
    }

    private void Checkpoint(string mode)
    {
        using Statement statement = PrepareOnce($"PRAGMA wal_checkpoint({mode})");
        if (!statement.Step() || statement.Integer(0) != 0)
        {
            throw new InvalidOperationException("A statement was left open.");
        }
    }
}
