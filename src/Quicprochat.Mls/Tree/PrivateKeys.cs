using Quicprochat.Crypto;

namespace Quicprochat.Mls.Tree;

/// <summary>
/// The private keys a member holds: of its leaf at level 0, and of nodes of its direct path, by level. It never changes; a new
/// epoch has its own, which shares the keys that stay.
/// </summary>
internal sealed class PrivateKeys
{
    private readonly Secret?[] _byLevel;

    private PrivateKeys(uint leaf, Secret?[] byLevel)
    {
        Leaf = leaf;
        _byLevel = byLevel;
    }

    /// <summary>The member's leaf.</summary>
    public uint Leaf { get; }

    /// <summary>One more than the highest level that may have a key.</summary>
    public int Levels => _byLevel.Length;

    public static PrivateKeys Of(uint leaf, Secret leafKey) => new(leaf, [leafKey]);

    /// <summary>The key at a level; null when the member has none.</summary>
    public Secret? At(int level) => level < _byLevel.Length ? _byLevel[level] : null;

    /// <summary>The same keys with one put in its place.</summary>
    public PrivateKeys With(int level, Secret key)
    {
        var byLevel = new Secret?[Math.Max(_byLevel.Length, level + 1)];
        _byLevel.CopyTo(byLevel.AsSpan());
        byLevel[level] = key;
        return new PrivateKeys(Leaf, byLevel);
    }

    /// <summary>Zeroes the keys that <paramref name="kept"/> does not share.</summary>
    public void DisposeExcept(PrivateKeys? kept)
    {
        for (int level = 0; level < _byLevel.Length; level++)
        {
            if (!ReferenceEquals(_byLevel[level], kept?.At(level)))
            {
                _byLevel[level]?.Dispose();
            }
        }
    }

    /// <summary>The keys that are still good when the tree goes from one to the next: those whose public half stayed where it was.</summary>
    public PrivateKeys Kept(RatchetTree before, RatchetTree after)
    {
        var byLevel = new Secret?[after.Root.Level + 1];
        for (int level = 0; level < byLevel.Length && level < _byLevel.Length; level++)
        {
            TreeNode? old = before.Node(TreeMath.Ancestor(Leaf, level));
            TreeNode? now = after.Node(TreeMath.Ancestor(Leaf, level));
            bool same = old is { IsBlank: false } && now is { IsBlank: false } && old.EncryptionKey.Span.SequenceEqual(now.EncryptionKey.Span);
            byLevel[level] = same ? _byLevel[level] : null;
        }
        return new PrivateKeys(Leaf, byLevel);
    }
}
