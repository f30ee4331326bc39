using System.Text;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>Anything that has a kind and a key. Kinds do not know of each other.</summary>
internal sealed class RecordTable(SealedMap map)
{
    /// <summary>Stores a value in the place of the one with the same kind and key.</summary>
    public void Put(string kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        byte[] content = new byte[KeyedContent.Size(key, value)];
        KeyedContent.Write(content, key, value);
        map.Put(Encoding.UTF8.GetBytes(kind), key, content);
    }

    /// <summary>The value; null when there is none.</summary>
    public byte[]? Find(string kind, ReadOnlySpan<byte> key) =>
        map.Find(Encoding.UTF8.GetBytes(kind), key) is { } content ? KeyedContent.Read(content).Value.ToArray() : null;

    /// <summary>False when there was none.</summary>
    public bool Delete(string kind, ReadOnlySpan<byte> key) => map.Delete(Encoding.UTF8.GetBytes(kind), key);

    /// <summary>Deletes all of a kind; how many there were.</summary>
    public int DeleteAll(string kind) => map.DeleteAll(Encoding.UTF8.GetBytes(kind));

    /// <summary>All of a kind, in no order that means something.</summary>
    public IReadOnlyList<KeyedRecord> List(string kind) => map.ReadAll(Encoding.UTF8.GetBytes(kind)).ConvertAll(KeyedContent.Read);
}
