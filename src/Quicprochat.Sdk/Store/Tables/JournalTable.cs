using System.Buffers.Binary;
using System.Text;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>Anything that has an order: entries of a kind and an owner, in the order in which they were added, each key once.</summary>
internal sealed class JournalTable(SealedLog log)
{
    /// <summary>Appends an entry; its number, or null when the owner has one of this key.</summary>
    public long? TryAdd(string kind, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        log.TryAdd(OwnerOf(kind, owner), key, Content(log.Next, key, value));

    /// <summary>The entry; null when there is none.</summary>
    public JournalEntry? Find(string kind, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> key) =>
        log.Find(OwnerOf(kind, owner), key) is { } content ? Entry(content) : null;

    /// <summary>The first entries of an owner behind a number (0 for the first), in order.</summary>
    public IReadOnlyList<JournalEntry> After(string kind, ReadOnlySpan<byte> owner, long number, int limit) =>
        log.After(OwnerOf(kind, owner), number, limit).ConvertAll(Entry);

    /// <summary>The last entries of an owner before a number, in order.</summary>
    public IReadOnlyList<JournalEntry> Before(string kind, ReadOnlySpan<byte> owner, long number, int limit) =>
        log.Before(OwnerOf(kind, owner), number, limit).ConvertAll(Entry);

    /// <summary>Another value for an entry; false when it is not there.</summary>
    public bool Update(long number, ReadOnlySpan<byte> value) =>
        log.Find(number) is { } content && log.Update(number, Content(number, Entry(content).Key.Span, value));

    /// <summary>False when there was none.</summary>
    public bool Delete(long number) => log.Delete(number);

    /// <summary>Deletes all of an owner; how many there were.</summary>
    public int DeleteAll(string kind, ReadOnlySpan<byte> owner) => log.DeleteAll(OwnerOf(kind, owner));

    /// <summary>How many entries an owner has.</summary>
    public long Count(string kind, ReadOnlySpan<byte> owner) => log.Count(OwnerOf(kind, owner));

    private static byte[] Content(long number, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        byte[] content = new byte[sizeof(long) + KeyedContent.Size(key, value)];
        BinaryPrimitives.WriteInt64BigEndian(content, number);
        KeyedContent.Write(content.AsSpan(sizeof(long)), key, value);
        return content;
    }

    private static JournalEntry Entry(byte[] content)
    {
        KeyedRecord record = KeyedContent.Read(content.AsMemory(sizeof(long)));
        return new JournalEntry(BinaryPrimitives.ReadInt64BigEndian(content), record.Key, record.Value);
    }

    private static byte[] OwnerOf(string kind, ReadOnlySpan<byte> owner)
    {
        byte[] name = Encoding.UTF8.GetBytes(kind);
        byte[] both = new byte[KeyedContent.Size(name, owner)];
        KeyedContent.Write(both, name, owner);
        return both;
    }
}
