using System.Collections.Immutable;

namespace Quicprochat.Mls.Tree;

/// <summary>How often each key occurs in a tree, and how many occur more than once: uniqueness without a search of the tree.</summary>
internal readonly record struct KeyCounts(ImmutableDictionary<ReadOnlyMemory<byte>, int> Counts, int Repeated)
{
    public static KeyCounts Empty { get; } =
        new(ImmutableDictionary.Create<ReadOnlyMemory<byte>, int>(BytesComparer.Instance), 0);

    public bool Contains(ReadOnlyMemory<byte> key) => Counts.ContainsKey(key);

    public Editor Edit() => new(Counts.ToBuilder(), Repeated);

    /// <summary>Changes that become counts of their own when done.</summary>
    internal sealed class Editor(ImmutableDictionary<ReadOnlyMemory<byte>, int>.Builder counts, int repeated)
    {
        public int Repeated { get; private set; } = repeated;

        public bool Contains(ReadOnlyMemory<byte> key) => counts.ContainsKey(key);

        public void Add(ReadOnlyMemory<byte> key)
        {
            counts.TryGetValue(key, out int count);
            counts[key] = count + 1;
            Repeated += count == 1 ? 1 : 0;
        }

        public void Remove(ReadOnlyMemory<byte> key)
        {
            int count = counts[key];
            if (count == 1)
            {
                counts.Remove(key);
            }
            else
            {
                counts[key] = count - 1;
            }
            Repeated -= count == 2 ? 1 : 0;
        }

        public KeyCounts ToCounts() => new(counts.ToImmutable(), Repeated);
    }
}
