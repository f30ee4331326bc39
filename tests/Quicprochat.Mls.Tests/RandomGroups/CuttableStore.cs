using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Mls.Tests.RandomGroups;

/// <summary>A store whose next write can be made to fail, before it is kept or after.</summary>
internal sealed class CuttableStore : IGroupStore
{
    private readonly MemoryGroupStore _records = new();
    private bool _cutBefore;
    private bool _cutAfter;
    private UInt128 _fingerprint;

    public bool IsEmpty => _records.Count == 0;

    /// <summary>Equal for stores that hold the same records: the sum of their hashes, kept up with every write.</summary>
    public string Fingerprint => _fingerprint.ToString("X32", CultureInfo.InvariantCulture);

    /// <summary>The next write is not kept, and throws.</summary>
    public void CutBeforeNextWrite() => _cutBefore = true;

    /// <summary>The next write is kept, and the process dies before it hears of it.</summary>
    public void CutAfterNextWrite() => _cutAfter = true;

    /// <summary>No cut is due any more; true when one was.</summary>
    public bool Mend()
    {
        bool wasDue = _cutBefore || _cutAfter;
        _cutBefore = _cutAfter = false;
        return wasDue;
    }

    public void Apply(GroupChanges changes)
    {
        if (_cutBefore)
        {
            _cutBefore = false;
            throw new StoreCutException();
        }
        foreach (RecordChange change in changes.Records)
        {
            if (_records.Read(change.Key.Span) is { } old)
            {
                _fingerprint ^= HashOf(change.Key.Span, old);
            }
            if (change.Value is { } value)
            {
                _fingerprint ^= HashOf(change.Key.Span, value.Span);
            }
            _records.Apply(new GroupChanges { GroupId = changes.GroupId, Records = [change] });
        }
        if (_cutAfter)
        {
            _cutAfter = false;
            throw new StoreCutException();
        }
    }

    public byte[]? Read(ReadOnlySpan<byte> key) => _records.Read(key);

    public IReadOnlyList<StoredRecord> ReadRange(ReadOnlySpan<byte> prefix) => _records.ReadRange(prefix);

    /// <summary>A copy of everything that is stored.</summary>
    public CuttableStore Copy()
    {
        var copy = new CuttableStore();
        copy.Apply(new GroupChanges { GroupId = default, Records = [.. _records.ReadRange([]).Select(static record => new RecordChange(record.Key, record.Value))] });
        return copy;
    }

    private static UInt128 HashOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> digest = stackalloc byte[32];
        BinaryPrimitives.WriteInt32BigEndian(digest, key.Length);
        hash.AppendData(digest[..4]);
        hash.AppendData(key);
        hash.AppendData(value);
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}
