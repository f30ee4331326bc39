using Quicprochat.Mls.Storage;

namespace Quicprochat.Mls.Tests;

/// <summary>A store that can be told to refuse, and that remembers what it was given.</summary>
internal sealed class FlakyStore : IGroupStore
{
    private readonly MemoryGroupStore _inner = new();

    public bool Refuses { get; set; }

    public List<GroupChanges> Applied { get; } = [];

    public GroupChanges Last => Applied[^1];

    public void Apply(GroupChanges changes)
    {
        if (Refuses)
        {
            throw new IOException("The disk is full.");
        }
        Applied.Add(changes);
        _inner.Apply(changes);
    }

    public byte[]? Read(ReadOnlySpan<byte> key) => _inner.Read(key);

    public IReadOnlyList<StoredRecord> ReadRange(ReadOnlySpan<byte> prefix) => _inner.ReadRange(prefix);

    /// <summary>True when the bytes occur anywhere in what is stored.</summary>
    public bool Holds(ReadOnlySpan<byte> bytes)
    {
        foreach (StoredRecord record in ReadRange(default))
        {
            if (record.Value.Span.IndexOf(bytes) >= 0)
            {
                return true;
            }
        }
        return false;
    }
}
