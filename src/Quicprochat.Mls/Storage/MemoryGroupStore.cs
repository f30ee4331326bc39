using System.Security.Cryptography;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Storage;

/// <summary>A store that forgets everything with the process. For tests, and for groups that need not outlive it. Not for use by several threads at once.</summary>
public sealed class MemoryGroupStore : IGroupStore
{
    private readonly Dictionary<ReadOnlyMemory<byte>, byte[]> _records = new(BytesComparer.Instance);

    /// <summary>How many records there are.</summary>
    public int Count => _records.Count;

    /// <inheritdoc/>
    public void Apply(GroupChanges changes)
    {
        foreach (RecordChange change in changes.Records)
        {
            if (_records.Remove(change.Key, out byte[]? old))
            {
                CryptographicOperations.ZeroMemory(old);
            }
            if (change.Value is { } value)
            {
                _records.Add(change.Key.ToArray(), value.ToArray());
            }
        }
    }

    /// <inheritdoc/>
    public byte[]? Read(ReadOnlySpan<byte> key) => _records.TryGetValue(key.ToArray(), out byte[]? value) ? [.. value] : null;

    /// <inheritdoc/>
    public IReadOnlyList<StoredRecord> ReadRange(ReadOnlySpan<byte> prefix)
    {
        var found = new List<StoredRecord>();
        foreach ((ReadOnlyMemory<byte> key, byte[] value) in _records)
        {
            if (key.Span.StartsWith(prefix))
            {
                found.Add(new StoredRecord(key, value.ToArray()));
            }
        }
        return found;
    }
}
