using System.Runtime.CompilerServices;
using SQLitePCL;

namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>One connection to SQLite, used by one thread at a time, with the statements it ever prepared.</summary>
internal sealed class Database : IDisposable
{
    private readonly Dictionary<string, Statement> _statements = new(ByReference.Instance);
    private readonly sqlite3 _handle;

    static Database() => Batteries_V2.Init();

    private Database(string path, sqlite3 handle)
    {
        Path = path;
        _handle = handle;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Rows that the last statement changed.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>True within a transaction; some failures end it.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Opens a file, and makes it if it is not there.</summary>
    public static Database Open(string path, int busyTimeoutMs)
    {
        int code = raw.sqlite3_open_v2(path, out sqlite3 handle, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
        {
            string detail = raw.sqlite3_errstr(code).utf8_to_string();
            handle?.Dispose();
            throw SqliteFaults.Of(code, detail, path);
        }
        raw.sqlite3_extended_result_codes(handle, 1);
        raw.sqlite3_busy_timeout(handle, busyTimeoutMs);
        return new Database(path, handle);
    }

    /// <summary>The statement for a constant of SQL, reset.</summary>
    public Statement Use(string sql)
    {
        if (!_statements.TryGetValue(sql, out Statement? statement))
        {
            Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out sqlite3_stmt handle));
            statement = new Statement(this, handle);
            _statements.Add(sql, statement);
        }
        if (statement.IsOpen)
        {
            statement.Reset();
        }
        return statement;
    }

    /// <summary>Runs statements that are not worth keeping.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>The integer that a query gives; 0 for none.</summary>
    public long Int64(string sql)
    {
        Statement statement = Use(sql);
        long value = statement.Read() ? statement.Int64(0) : 0;
        statement.Reset();
        return value;
    }

    /// <summary>Ends whatever was read only halfway, so that no snapshot is held.</summary>
    public void ResetAll()
    {
        foreach (Statement statement in _statements.Values)
        {
            if (statement.IsOpen)
            {
                statement.Reset();
            }
        }
    }

    /// <summary>Stops the query that runs, from any thread.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_handle);

    /// <summary>Throws unless the code is OK.</summary>
    public void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Failure(code);
        }
    }

    /// <summary>The exception for a code.</summary>
    public Exception Failure(int code) => SqliteFaults.Of(code, raw.sqlite3_errmsg(_handle).utf8_to_string(), Path);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Statement statement in _statements.Values)
        {
            statement.Dispose();
        }
        _handle.Dispose();
    }

    // The texts are constants: the object is the text.
    private sealed class ByReference : IEqualityComparer<string>
    {
        public static ByReference Instance { get; } = new();

        public bool Equals(string? x, string? y) => ReferenceEquals(x, y);

        public int GetHashCode(string obj) => RuntimeHelpers.GetHashCode(obj);
    }
}
