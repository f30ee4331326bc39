using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Storage;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>The stored records of one group, by kind.</summary>
internal sealed class GroupRecords
{
    private readonly Dictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> _records = new(BytesComparer.Instance);
    private readonly byte[] _groupId;
    private readonly int _prefix;

    public GroupRecords(byte[] groupId, IEnumerable<StoredRecord> records)
    {
        _groupId = groupId;
        _prefix = RecordKey.Prefix(groupId).Length;
        foreach (StoredRecord record in records)
        {
            _records[record.Key] = record.Value;
        }
    }

    public ReadOnlySpan<byte> GroupId => _groupId;

    public bool Exists => Raw(RecordKind.Group) is not null;

    /// <summary>The record of a kind that a group has one of, version and all.</summary>
    public ReadOnlyMemory<byte>? Raw(RecordKind kind) =>
        _records.TryGetValue(RecordKey.Of(_groupId, kind), out ReadOnlyMemory<byte> value) ? (ReadOnlyMemory<byte>?)value : null;

    /// <summary>The records as they will be after <paramref name="changes"/>.</summary>
    public GroupRecords With(IEnumerable<RecordChange> changes)
    {
        var records = new GroupRecords(_groupId, []);
        foreach ((ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) in _records)
        {
            records._records.Add(key, value);
        }
        foreach (RecordChange change in changes)
        {
            records._records.Remove(change.Key);
            if (change.Value is { } value)
            {
                records._records.Add(change.Key, value);
            }
        }
        return records;
    }

    /// <summary>True when every record is of the format version this library writes.</summary>
    public bool AreKnown() => _records.Values.All(static value => value.Length > 0 && value.Span[0] == RecordSet.FormatVersion);

    /// <summary>The contents of all records of a kind.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Values(RecordKind kind) => Of(kind).Select(static item => item.Value);

    /// <summary>All records of a kind: what follows the kind in the key, and the content.</summary>
    public IEnumerable<(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Value)> Of(RecordKind kind)
    {
        foreach ((ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) in _records)
        {
            if (key.Length > _prefix && key.Span[_prefix] == (byte)kind && value.Length > 0)
            {
                yield return (key[(_prefix + 1)..], value[1..]);
            }
        }
    }

    /// <summary>A reader over the content of the one record of a kind.</summary>
    public Reader Read(RecordKind kind) => new(Raw(kind) is { Length: > 0 } value ? value[1..] : default);
}
