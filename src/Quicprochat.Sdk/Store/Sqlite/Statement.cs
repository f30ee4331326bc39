using SQLitePCL;

namespace Quicprochat.Sdk.Store.Sqlite;

/// <summary>A prepared statement, used again and again. Bind, then <see cref="Run"/>, or <see cref="Step"/> through the rows and <see cref="Reset"/>.</summary>
internal sealed class Statement(StoreDatabase database, sqlite3_stmt handle) : IDisposable
{
    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        database.Check(raw.sqlite3_bind_blob(handle, index, value));
        return this;
    }

    public Statement Bind(int index, long value)
    {
        database.Check(raw.sqlite3_bind_int64(handle, index, value));
        return this;
    }

    /// <summary>Runs to the end; the number of rows it changed.</summary>
    public int Run()
    {
        try
        {
            while (Step())
            {
            }
            return raw.sqlite3_changes(database.Handle);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>True when there is a row to look at.</summary>
    public bool Step()
    {
        int code = raw.sqlite3_step(handle);
        if (code is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return code == raw.SQLITE_ROW;
        }
        StoreException exception = database.Error();
        Reset();
        throw exception;
    }

    /// <summary>The bytes of a column, good until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    public long Integer(int column) => raw.sqlite3_column_int64(handle, column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    /// <summary>To be called after the last row that is looked at.</summary>
    public void Reset()
    {
        // What went wrong was told by the step; here it would only be told a second time.
        _ = raw.sqlite3_reset(handle);
        _ = raw.sqlite3_clear_bindings(handle);
    }

    public void Dispose() => handle.Dispose();
}
