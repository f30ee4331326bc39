using Google.Protobuf;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>Rows of one type, found by a key that is part of them.</summary>
internal sealed class RowTable<TRow>(SealedMap map, Func<TRow, ReadOnlyMemory<byte>> keyOf)
    where TRow : class, IMessage<TRow>, new()
{
    /// <summary>Stores a row in the place of the one with the same key.</summary>
    public void Put(TRow row) => map.Put(default, keyOf(row).Span, Row.Encode(row));

    /// <summary>The row; null when there is none.</summary>
    public TRow? Find(ReadOnlySpan<byte> key) => map.Find(default, key) is { } content ? Row.Decode<TRow>(content) : null;

    /// <summary>The row whose key is a text; null when there is none.</summary>
    public TRow? Find(string key) => Find(System.Text.Encoding.UTF8.GetBytes(key));

    /// <summary>False when there was none.</summary>
    public bool Delete(ReadOnlySpan<byte> key) => map.Delete(default, key);

    /// <summary>False when there was none.</summary>
    public bool Delete(string key) => Delete(System.Text.Encoding.UTF8.GetBytes(key));

    /// <summary>All rows, in no order that means something.</summary>
    public IReadOnlyList<TRow> List() => map.ReadAll(default).ConvertAll(Row.Decode<TRow>);
}
