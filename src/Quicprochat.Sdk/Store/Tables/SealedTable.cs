using System.Buffers.Binary;
using System.Text;
using Quicprochat.Sdk.Store.Sealing;
using Quicprochat.Sdk.Store.Sqlite;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>
/// A table of sealed rows, found by the blind names of an owner and of a key. The associated data of a row is the name of the table, its
/// schema version, and all that stands beside the row in clear: owner, key, and number (0 where there is none). A row that is moved does not open.
/// </summary>
internal abstract class SealedTable(StoreSession session, StoreKeys keys, string name) : IDisposable
{
    private const byte SchemaVersion = 1;
    private const int ClearSize = (2 * BlindIndex.Size) + sizeof(long);

    private readonly RowCipher _cipher = keys.CreateCipher(name);
    private readonly byte[] _context = [.. Encoding.ASCII.GetBytes(name), 0, SchemaVersion, .. new byte[ClearSize]];

    protected StoreSession Session { get; } = session;

    protected BlindIndex Index { get; } = keys.CreateIndex(name);

    /// <summary>Opens every row; the number of them.</summary>
    public abstract long Verify();

    public void Dispose()
    {
        _cipher.Dispose();
        Index.Dispose();
    }

    protected byte[] Seal(ReadOnlySpan<byte> owner, ReadOnlySpan<byte> key, long number, ReadOnlySpan<byte> content) =>
        _cipher.Seal(Context(owner, key, number), content);

    protected byte[] Open(ReadOnlySpan<byte> owner, ReadOnlySpan<byte> key, long number, ReadOnlySpan<byte> row) =>
        _cipher.Open(Context(owner, key, number), row);

    private byte[] Context(ReadOnlySpan<byte> owner, ReadOnlySpan<byte> key, long number)
    {
        if (owner.Length != BlindIndex.Size || key.Length != BlindIndex.Size)
        {
            throw SqliteErrors.Damaged("A row has a name that was never given.");
        }
        Span<byte> clear = _context.AsSpan(_context.Length - ClearSize);
        owner.CopyTo(clear);
        key.CopyTo(clear[BlindIndex.Size..]);
        BinaryPrimitives.WriteInt64BigEndian(clear[(2 * BlindIndex.Size)..], number);
        return _context;
    }
}
