using System.Buffers.Binary;
using SQLitePCL;

namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>A prepared statement, kept for as long as its connection. Parameters count from 1, columns from 0.</summary>
/// <param name="database">The connection.</param>
/// <param name="handle">SQLite's handle.</param>
internal sealed class Statement(Database database, sqlite3_stmt handle) : IDisposable
{
    /// <summary>True between the first row and the end or a reset.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Binds an integer.</summary>
    public Statement Bind(int parameter, long value)
    {
        database.Check(raw.sqlite3_bind_int64(handle, parameter, value));
        return this;
    }

    /// <summary>Binds an integer, or NULL.</summary>
    public Statement Bind(int parameter, long? value) => value is long known ? Bind(parameter, known) : BindNull(parameter);

    /// <summary>Binds a flag as 0 or 1.</summary>
    public Statement Bind(int parameter, bool value) => Bind(parameter, value ? 1L : 0L);

    /// <summary>Binds text.</summary>
    public Statement Bind(int parameter, string value)
    {
        database.Check(raw.sqlite3_bind_text(handle, parameter, value));
        return this;
    }

    /// <summary>Binds bytes; SQLite takes a copy.</summary>
    public Statement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        database.Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, parameter, 0) : raw.sqlite3_bind_blob(handle, parameter, value));
        return this;
    }

    /// <summary>Binds 16 bytes.</summary>
    public Statement BindId(int parameter, UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return Bind(parameter, bytes);
    }

    /// <summary>Binds 32 bytes.</summary>
    public Statement Bind(int parameter, Digest value)
    {
        Span<byte> bytes = stackalloc byte[Storage.Digest.Length];
        value.CopyTo(bytes);
        return Bind(parameter, bytes);
    }

    /// <summary>Binds 32 bytes, or NULL.</summary>
    public Statement Bind(int parameter, Digest? value) => value is Digest known ? Bind(parameter, known) : BindNull(parameter);

    /// <summary>Binds NULL.</summary>
    public Statement BindNull(int parameter)
    {
        database.Check(raw.sqlite3_bind_null(handle, parameter));
        return this;
    }

    /// <summary>Binds a payload in three: bytes, blob, length.</summary>
    public Statement Bind(int parameter, StoredPayload payload)
    {
        _ = payload.Bytes.IsEmpty ? BindNull(parameter) : Bind(parameter, payload.Bytes.Span);
        return Bind(parameter + 1, payload.Blob).Bind(parameter + 2, payload.Blob is null ? null : payload.Length);
    }

    /// <summary>Goes to the next row; false at the end, where the statement is reset.</summary>
    public bool Read()
    {
        IsOpen = true;
        int code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }
        Exception? failure = code == raw.SQLITE_DONE ? null : database.Failure(code);
        Reset();
        return failure is null ? false : throw failure;
    }

    /// <summary>Runs to the end.</summary>
    /// <returns>Rows changed.</returns>
    public int Run()
    {
        while (Read())
        {
        }
        return database.Changes;
    }

    /// <summary>Is ready to run again.</summary>
    public void Reset()
    {
        IsOpen = false;
        raw.sqlite3_reset(handle);
    }

    /// <summary>An integer of the row.</summary>
    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    /// <summary>An integer of the row that has 32 bits.</summary>
    public int Int32(int column) => raw.sqlite3_column_int(handle, column);

    /// <summary>A flag of the row.</summary>
    public bool Flag(int column) => Int64(column) != 0;

    /// <summary>Text of the row.</summary>
    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    /// <summary>Bytes of the row, good until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    /// <summary>32 bytes of the row.</summary>
    public Digest Digest(int column) => new(Bytes(column));

    /// <summary>16 bytes of the row.</summary>
    public UInt128 UInt128(int column) => BinaryPrimitives.ReadUInt128BigEndian(Bytes(column));

    /// <summary>True for NULL.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    /// <summary>A payload in three columns: bytes, blob, length.</summary>
    public StoredPayload Payload(int column) => !IsNull(column)
        ? StoredPayload.Inline(Bytes(column).ToArray())
        : IsNull(column + 1) ? default : StoredPayload.InBlob(Digest(column + 1), Int64(column + 2));

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();
}
