using System.Security.Cryptography;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>
/// The records of MLS groups. What a group stores joins the transaction that runs; outside of one it throws. The owner of a record is
/// its group, so that a group is read without looking at others.
/// </summary>
internal sealed class GroupRecordTable(SealedMap map) : IGroupStore
{
    // RecordKey of the MLS library: 'g' ‖ group_id<V> ‖ … for the records of a group; anything else has no group.
    private const byte GroupSpace = (byte)'g';

    /// <inheritdoc/>
    public void Apply(GroupChanges changes)
    {
        foreach (RecordChange change in changes.Records)
        {
            ReadOnlySpan<byte> key = change.Key.Span;
            if (change.Value is { } value)
            {
                Put(key, value.Span);
            }
            else
            {
                map.Delete(OwnerOf(key), key);
            }
        }
    }

    /// <inheritdoc/>
    public byte[]? Read(ReadOnlySpan<byte> key)
    {
        if (map.Find(OwnerOf(key), key) is not { } content)
        {
            return null;
        }
        byte[] value = KeyedContent.Read(content).Value.ToArray();
        CryptographicOperations.ZeroMemory(content);
        return value;
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredRecord> ReadRange(ReadOnlySpan<byte> prefix)
    {
        ReadOnlySpan<byte> owner = OwnerOf(prefix);
        // A prefix that does not even name its group is never asked for by the MLS library; it would have to look everywhere.
        List<byte[]> contents = owner.IsEmpty ? map.ReadAll() : map.ReadAll(owner);
        var records = new List<StoredRecord>(contents.Count);
        foreach (byte[] content in contents)
        {
            KeyedRecord record = KeyedContent.Read(content);
            if (record.Key.Span.StartsWith(prefix))
            {
                records.Add(new StoredRecord(record.Key, record.Value));
            }
            else
            {
                CryptographicOperations.ZeroMemory(content);
            }
        }
        return records;
    }

    /// <summary>The part of a key that names its group; empty when it names none.</summary>
    private static ReadOnlySpan<byte> OwnerOf(ReadOnlySpan<byte> key)
    {
        if (key.Length < 2 || key[0] != GroupSpace)
        {
            return default;
        }
        // The length of a vector, RFC 9420 §2.1.2: the first two bits say how many bytes it has.
        int size = 1 << (key[1] >> 6);
        if (size > 4 || key.Length < 1 + size)
        {
            return default;
        }
        long length = key[1] & 0x3f;
        for (int i = 1; i < size; i++)
        {
            length = (length << 8) | key[1 + i];
        }
        return length <= key.Length - 1 - size ? key[..(1 + size + (int)length)] : default;
    }

    private void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        byte[] content = new byte[KeyedContent.Size(key, value)];
        try
        {
            KeyedContent.Write(content, key, value);
            map.Put(OwnerOf(key), key, content);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }
}
