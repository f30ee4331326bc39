using Quicprochat.Mls.Codec;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tree;

/// <summary>
/// A place in the ratchet tree, blank or not, with what is below it. Trees share nodes: only the editor that made a node may
/// change it, everyone else copies the path from it to the root. The tree hash is kept with the node, so after a change only
/// the changed path is hashed anew.
/// </summary>
internal sealed class TreeNode
{
    // A leaf with a hybrid key and a short credential fits.
    private const int ScratchSize = 2048;

    private byte[]? _treeHash;

    public TreeNode(uint index, object? owner)
    {
        Index = index;
        Owner = owner;
    }

    /// <summary>The node index (RFC 9420 §C).</summary>
    public uint Index { get; }

    /// <summary>0 for a leaf.</summary>
    public int Level => TreeMath.Level(Index);

    public bool IsLeaf => (Index & 1) == 0;

    public TreeNode? Left { get; private set; }

    public TreeNode? Right { get; private set; }

    /// <summary>What a leaf holds; null when it is blank.</summary>
    public LeafNode? Leaf { get; private set; }

    /// <summary>What a parent holds; null when it is blank.</summary>
    public ParentNode? Parent { get; private set; }

    /// <summary>How many leaves at or below are not blank.</summary>
    public int LeafCount { get; private set; }

    /// <summary>True when this node and all below it are blank; its resolution is then empty.</summary>
    public bool IsEmpty { get; private set; } = true;

    public bool IsBlank => Leaf is null && Parent is null;

    public ReadOnlyMemory<byte> EncryptionKey => Leaf?.EncryptionKey ?? Parent!.EncryptionKey;

    /// <summary>At least as long as the node is in a ratchet_tree extension.</summary>
    public int LengthMax => Leaf is { } leaf ? leaf.Encoded.Length + 2 : (Parent?.LengthMax ?? 0) + 2;

    /// <summary>The token of the editor that may change this node in place.</summary>
    private object? Owner { get; }

    /// <summary>A node <paramref name="owner"/> may change: this one if it is its own, a copy if not.</summary>
    public TreeNode Own(object owner)
    {
        if (ReferenceEquals(Owner, owner))
        {
            _treeHash = null;
            return this;
        }
        return new TreeNode(Index, owner) { Left = Left, Right = Right, Leaf = Leaf, Parent = Parent, LeafCount = LeafCount, IsEmpty = IsEmpty };
    }

    public void SetLeaf(LeafNode? leaf)
    {
        Leaf = leaf;
        LeafCount = leaf is null ? 0 : 1;
        IsEmpty = leaf is null;
    }

    public void SetParent(ParentNode? parent) => Parent = parent;

    public void SetChildren(TreeNode left, TreeNode right)
    {
        Left = left;
        Right = right;
    }

    /// <summary>Brings the counts up to date after a change below.</summary>
    public void Recount()
    {
        LeafCount = Left!.LeafCount + Right!.LeafCount;
        IsEmpty = Parent is null && Left.IsEmpty && Right.IsEmpty;
    }

    /// <summary>The tree hash of the subtree (RFC 9420 §7.8).</summary>
    public ReadOnlySpan<byte> TreeHash(MlsCrypto crypto)
    {
        if (_treeHash is null)
        {
            byte[] hash = new byte[crypto.HashSize];
            if (IsLeaf)
            {
                HashLeaf(crypto, Leaf, hash);
            }
            else
            {
                HashParent(crypto, Parent, Left!.TreeHash(crypto), Right!.TreeHash(crypto), hash);
            }
            _treeHash = hash;
        }
        return _treeHash;
    }

    /// <summary>
    /// The tree hash the subtree would have if the <paramref name="excluded"/> leaves were blank and in no list of unmerged
    /// leaves (RFC 9420 §7.9). Only the parts that hold such a leaf are hashed anew.
    /// </summary>
    public ReadOnlySpan<byte> TreeHashWithout(MlsCrypto crypto, ReadOnlySpan<uint> excluded)
    {
        ReadOnlySpan<uint> inside = Within(excluded);
        if (inside.IsEmpty)
        {
            return TreeHash(crypto);
        }
        byte[] hash = new byte[crypto.HashSize];
        if (IsLeaf)
        {
            HashLeaf(crypto, null, hash);
        }
        else
        {
            HashParent(crypto, Parent?.WithoutUnmergedLeaves(inside), Left!.TreeHashWithout(crypto, inside), Right!.TreeHashWithout(crypto, inside), hash);
        }
        return hash;
    }

    /// <summary>Those of the sorted <paramref name="leaves"/> that are in this subtree.</summary>
    public ReadOnlySpan<uint> Within(ReadOnlySpan<uint> leaves)
    {
        int level = Level;
        uint first = (Index + 1 - (1u << level)) / 2;
        int from = LowerBound(leaves, first);
        int to = LowerBound(leaves, first + (1u << level));
        return leaves[from..to];
    }

    /// <summary>Adds the resolution of this node (RFC 9420 §4.1.1) to <paramref name="nodes"/>, leaving out new leaves.</summary>
    public void AddResolution(List<TreeNode> nodes, HashSet<uint>? newLeaves = null)
    {
        if (IsEmpty)
        {
            return;
        }
        if (IsLeaf)
        {
            if (newLeaves is null || !newLeaves.Contains(Index / 2))
            {
                nodes.Add(this);
            }
        }
        else if (Parent is null)
        {
            Left!.AddResolution(nodes, newLeaves);
            Right!.AddResolution(nodes, newLeaves);
        }
        else
        {
            nodes.Add(this);
            foreach (uint leaf in Parent.UnmergedLeaves)
            {
                if ((newLeaves is null || !newLeaves.Contains(leaf)) && Find(2 * leaf) is { } node)
                {
                    nodes.Add(node);
                }
            }
        }
    }

    /// <summary>The node of this index in the subtree; null when it is not there.</summary>
    public TreeNode? Find(uint index)
    {
        TreeNode? node = this;
        while (node is not null && node.Index != index)
        {
            node = index < node.Index ? node.Left : node.Right;
        }
        return node;
    }

    private static int LowerBound(ReadOnlySpan<uint> leaves, uint value)
    {
        int place = leaves.BinarySearch(value);
        return place < 0 ? ~place : place;
    }

    private void HashLeaf(MlsCrypto crypto, LeafNode? leaf, Span<byte> hash)
    {
        var writer = new Writer(stackalloc byte[ScratchSize]);
        writer.WriteByte((byte)NodeType.Leaf);
        writer.WriteUInt32(Index / 2);
        writer.WritePresence(leaf is not null);
        leaf?.Write(ref writer);
        crypto.HashFunction.Compute(writer.Written, hash);
    }

    private static void HashParent(MlsCrypto crypto, ParentNode? parent, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> hash)
    {
        var writer = new Writer(stackalloc byte[ScratchSize]);
        writer.WriteByte((byte)NodeType.Parent);
        writer.WritePresence(parent is not null);
        parent?.Write(ref writer);
        writer.WriteVector(left);
        writer.WriteVector(right);
        crypto.HashFunction.Compute(writer.Written, hash);
    }
}
