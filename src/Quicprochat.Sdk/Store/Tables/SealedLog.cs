using System.Security.Cryptography;
using Quicprochat.Sdk.Store.Sealing;
using Quicprochat.Sdk.Store.Sqlite;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>Sealed rows that have a number, which only grows and is never given out again, an owner, and a key of which an owner has each once.</summary>
internal sealed class SealedLog : SealedTable
{
    private const string Columns = "owner, key, number, sealed";

    private readonly Statement _insert;
    private readonly Statement _findKey;
    private readonly Statement _find;
    private readonly Statement _update;
    private readonly Statement _delete;
    private readonly Statement _deleteAll;
    private readonly Statement _after;
    private readonly Statement _before;
    private readonly Statement _heads;
    private readonly Statement _all;
    private readonly Statement _count;
    private long _last;

    public SealedLog(StoreSession session, StoreKeys keys, string name)
        : base(session, keys, name)
    {
        StoreDatabase database = session.Database;
        _insert = database.Prepare($"INSERT INTO {name} (number, owner, key, sealed) VALUES (?1, ?2, ?3, ?4)");
        _findKey = database.Prepare($"SELECT {Columns} FROM {name} WHERE owner = ?1 AND key = ?2");
        _find = database.Prepare($"SELECT {Columns} FROM {name} WHERE number = ?1");
        _update = database.Prepare($"UPDATE {name} SET sealed = ?2 WHERE number = ?1");
        _delete = database.Prepare($"DELETE FROM {name} WHERE number = ?1");
        _deleteAll = database.Prepare($"DELETE FROM {name} WHERE owner = ?1");
        _after = database.Prepare($"SELECT {Columns} FROM {name} WHERE owner = ?1 AND number > ?2 ORDER BY number LIMIT ?3");
        _before = database.Prepare($"SELECT {Columns} FROM {name} WHERE owner = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3");
        _heads = database.Prepare($"SELECT {Columns} FROM {name} WHERE number IN (SELECT min(number) FROM {name} GROUP BY owner) ORDER BY number");
        _all = database.Prepare($"SELECT {Columns} FROM {name} WHERE number > ?1 ORDER BY number LIMIT ?2");
        _count = database.Prepare($"SELECT count(*) FROM {name} WHERE owner = ?1");
        _last = database.QueryInteger($"SELECT seq FROM sqlite_sequence WHERE name = '{name}'");
    }

    /// <summary>The number the next row gets, for those who write it into the row.</summary>
    public long Next => _last + 1;

    /// <summary>Stores a row under <see cref="Next"/>; null when the owner has one of this key.</summary>
    public long? TryAdd(ReadOnlySpan<byte> owner, ReadOnlySpan<byte> key, ReadOnlySpan<byte> content)
    {
        Session.RequireWrite();
        Span<byte> names = stackalloc byte[2 * BlindIndex.Size];
        Name(owner, key, names);
        if (Exists(names))
        {
            return null;
        }
        // Given out in memory: what is rolled back leaves a gap, and no number twice.
        long number = ++_last;
        byte[] row = Seal(names[..BlindIndex.Size], names[BlindIndex.Size..], number, content);
        _insert.Bind(1, number).Bind(2, names[..BlindIndex.Size]).Bind(3, names[BlindIndex.Size..]).Bind(4, row).Run();
        return number;
    }

    public byte[]? Find(ReadOnlySpan<byte> owner, ReadOnlySpan<byte> key)
    {
        Session.RequireRead();
        Span<byte> names = stackalloc byte[2 * BlindIndex.Size];
        Name(owner, key, names);
        return First(_findKey.Bind(1, names[..BlindIndex.Size]).Bind(2, names[BlindIndex.Size..]));
    }

    public byte[]? Find(long number)
    {
        Session.RequireRead();
        return First(_find.Bind(1, number));
    }

    public bool Contains(ReadOnlySpan<byte> owner, ReadOnlySpan<byte> key)
    {
        Session.RequireRead();
        Span<byte> names = stackalloc byte[2 * BlindIndex.Size];
        Name(owner, key, names);
        return Exists(names);
    }

    /// <summary>Other content for a row that is there; false when it is not.</summary>
    public bool Update(long number, ReadOnlySpan<byte> content)
    {
        Session.RequireWrite();
        byte[] row;
        try
        {
            if (!_find.Bind(1, number).Step())
            {
                return false;
            }
            row = Seal(_find.Blob(0), _find.Blob(1), number, content);
        }
        finally
        {
            _find.Reset();
        }
        return _update.Bind(1, number).Bind(2, row).Run() > 0;
    }

    public bool Delete(long number)
    {
        Session.RequireWrite();
        return _delete.Bind(1, number).Run() > 0;
    }

    public int DeleteAll(ReadOnlySpan<byte> owner)
    {
        Session.RequireWrite();
        Span<byte> name = stackalloc byte[BlindIndex.Size];
        Index.NameOwner(owner, name);
        return _deleteAll.Bind(1, name).Run();
    }

    public long Count(ReadOnlySpan<byte> owner)
    {
        Session.RequireRead();
        Span<byte> name = stackalloc byte[BlindIndex.Size];
        Index.NameOwner(owner, name);
        try
        {
            return _count.Bind(1, name).Step() ? _count.Integer(0) : 0;
        }
        finally
        {
            _count.Reset();
        }
    }

    /// <summary>The first rows of an owner behind a number, in order.</summary>
    public List<byte[]> After(ReadOnlySpan<byte> owner, long number, int limit)
    {
        Session.RequireRead();
        Span<byte> name = stackalloc byte[BlindIndex.Size];
        Index.NameOwner(owner, name);
        return Collect(_after.Bind(1, name).Bind(2, number).Bind(3, limit));
    }

    /// <summary>The last rows of an owner before a number, in order.</summary>
    public List<byte[]> Before(ReadOnlySpan<byte> owner, long number, int limit)
    {
        Session.RequireRead();
        Span<byte> name = stackalloc byte[BlindIndex.Size];
        Index.NameOwner(owner, name);
        List<byte[]> contents = Collect(_before.Bind(1, name).Bind(2, number).Bind(3, limit));
        contents.Reverse();
        return contents;
    }

    /// <summary>The first row of every owner, in order.</summary>
    public List<byte[]> Heads()
    {
        Session.RequireRead();
        return Collect(_heads);
    }

    /// <summary>Rows of all owners behind a number, in order.</summary>
    public List<byte[]> After(long number, int limit)
    {
        Session.RequireRead();
        return Collect(_all.Bind(1, number).Bind(2, limit));
    }

    public override long Verify()
    {
        Session.RequireRead();
        long rows = 0;
        try
        {
            _all.Bind(1, long.MinValue).Bind(2, long.MaxValue);
            while (_all.Step())
            {
                CryptographicOperations.ZeroMemory(OpenRow(_all));
                rows++;
            }
        }
        finally
        {
            _all.Reset();
        }
        return rows;
    }

    private bool Exists(ReadOnlySpan<byte> names)
    {
        try
        {
            return _findKey.Bind(1, names[..BlindIndex.Size]).Bind(2, names[BlindIndex.Size..]).Step();
        }
        finally
        {
            _findKey.Reset();
        }
    }

    private byte[]? First(Statement rows)
    {
        try
        {
            return rows.Step() ? OpenRow(rows) : null;
        }
        finally
        {
            rows.Reset();
        }
    }

    private List<byte[]> Collect(Statement rows)
    {
        var contents = new List<byte[]>();
        try
        {
            while (rows.Step())
            {
                contents.Add(OpenRow(rows));
            }
            return contents;
        }
        finally
        {
            rows.Reset();
        }
    }

    private byte[] OpenRow(Statement row) => Open(row.Blob(0), row.Blob(1), row.Integer(2), row.Blob(3));

    private void Name(ReadOnlySpan<byte> owner, ReadOnlySpan<byte> key, Span<byte> names)
    {
        Index.NameOwner(owner, names);
        Index.NameKey(owner, key, names[BlindIndex.Size..]);
    }
}
