using Quicprochat.Sdk.Store.Sealing;
using Quicprochat.Sdk.Store.Sqlite;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>Sealed rows under an owner and a key. What comes back is the caller's, to be zeroed where it is secret.</summary>
internal sealed class SealedMap : SealedTable
{
    private readonly Statement _put;
    private readonly Statement _find;
    private readonly Statement _delete;
    private readonly Statement _deleteAll;
    private readonly Statement _ofOwner;
    private readonly Statement _all;

    public SealedMap(StoreSession session, StoreKeys keys, string name)
        : base(session, keys, name)
    {
        StoreDatabase database = session.Database;
        _put = database.Prepare($"INSERT OR REPLACE INTO {name} (owner, key, sealed) VALUES (?1, ?2, ?3)");
        _find = database.Prepare($"SELECT sealed FROM {name} WHERE owner = ?1 AND key = ?2");
        _delete = database.Prepare($"DELETE FROM {name} WHERE owner = ?1 AND key = ?2");
        _deleteAll = database.Prepare($"DELETE FROM {name} WHERE owner = ?1");
        _ofOwner = database.Prepare($"SELECT owner, key, sealed FROM {name} WHERE owner = ?1 ORDER BY key");
        _all = database.Prepare($"SELECT owner, key, sealed FROM {name} ORDER BY owner, key");
    }

    public void Put(ReadOnlySpan<byte> owner, ReadOnlySpan<byte> key, ReadOnlySpan<byte> content)
    {
        Session.RequireWrite();
        Span<byte> names = stackalloc byte[2 * BlindIndex.Size];
        Name(owner, key, names);
        byte[] row = Seal(names[..BlindIndex.Size], names[BlindIndex.Size..], 0, content);
        _put.Bind(1, names[..BlindIndex.Size]).Bind(2, names[BlindIndex.Size..]).Bind(3, row).Run();
    }

    /// <summary>The content; null when there is none.</summary>
    public byte[]? Find(ReadOnlySpan<byte> owner, ReadOnlySpan<byte> key)
    {
        Session.RequireRead();
        Span<byte> names = stackalloc byte[2 * BlindIndex.Size];
        Name(owner, key, names);
        try
        {
            return _find.Bind(1, names[..BlindIndex.Size]).Bind(2, names[BlindIndex.Size..]).Step()
                ? Open(names[..BlindIndex.Size], names[BlindIndex.Size..], 0, _find.Blob(0))
                : null;
        }
        finally
        {
            _find.Reset();
        }
    }

    /// <summary>False when there was none.</summary>
    public bool Delete(ReadOnlySpan<byte> owner, ReadOnlySpan<byte> key)
    {
        Session.RequireWrite();
        Span<byte> names = stackalloc byte[2 * BlindIndex.Size];
        Name(owner, key, names);
        return _delete.Bind(1, names[..BlindIndex.Size]).Bind(2, names[BlindIndex.Size..]).Run() > 0;
    }

    /// <summary>Deletes all of an owner; how many there were.</summary>
    public int DeleteAll(ReadOnlySpan<byte> owner)
    {
        Session.RequireWrite();
        Span<byte> name = stackalloc byte[BlindIndex.Size];
        Index.NameOwner(owner, name);
        return _deleteAll.Bind(1, name).Run();
    }

    /// <summary>The contents of an owner, in no order that means something.</summary>
    public List<byte[]> ReadAll(ReadOnlySpan<byte> owner)
    {
        Session.RequireRead();
        Span<byte> name = stackalloc byte[BlindIndex.Size];
        Index.NameOwner(owner, name);
        return Collect(_ofOwner.Bind(1, name));
    }

    /// <summary>All contents, in no order that means something.</summary>
    public List<byte[]> ReadAll()
    {
        Session.RequireRead();
        return Collect(_all);
    }

    public override long Verify()
    {
        Session.RequireRead();
        long rows = 0;
        try
        {
            while (_all.Step())
            {
                System.Security.Cryptography.CryptographicOperations.ZeroMemory(Open(_all.Blob(0), _all.Blob(1), 0, _all.Blob(2)));
                rows++;
            }
        }
        finally
        {
            _all.Reset();
        }
        return rows;
    }

    private List<byte[]> Collect(Statement rows)
    {
        var contents = new List<byte[]>();
        try
        {
            while (rows.Step())
            {
                contents.Add(Open(rows.Blob(0), rows.Blob(1), 0, rows.Blob(2)));
            }
            return contents;
        }
        finally
        {
            rows.Reset();
        }
    }

    private void Name(ReadOnlySpan<byte> owner, ReadOnlySpan<byte> key, Span<byte> names)
    {
        Index.NameOwner(owner, names);
        Index.NameKey(owner, key, names[BlindIndex.Size..]);
    }
}
