using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tree;

/// <summary>
/// Changes to a ratchet tree (RFC 9420 §7.7, §12.1) that become a tree of their own when done. Each change copies the path from
/// the changed node to the root, once: what the editor copied it changes in place from then on, so adding n members costs n
/// paths of counting and no copy of the tree. An editor is used for one tree and thrown away.
/// </summary>
internal sealed class TreeEditor
{
    private readonly object _owner = new();
    private readonly TreeNode[] _path = new TreeNode[32];
    private readonly KeyCounts.Editor _encryptionKeys;
    private readonly KeyCounts.Editor _signatureKeys;
    private readonly CapabilityCounts.Editor _capabilities;
    private TreeNode _root;

    public TreeEditor(RatchetTree tree)
    {
        _root = tree.Root;
        Width = tree.Width;
        _encryptionKeys = tree.EncryptionKeys.Edit();
        _signatureKeys = tree.SignatureKeys.Edit();
        _capabilities = tree.Capabilities.Edit();
    }

    /// <summary>How many leaves the tree has, blank ones too; a power of two.</summary>
    public uint Width { get; private set; }

    public TreeNode Root => _root;

    /// <summary>True when two nodes have the same encryption key.</summary>
    public bool RepeatsEncryptionKey => _encryptionKeys.Repeated > 0;

    /// <summary>True when two leaves have the same signature key.</summary>
    public bool RepeatsSignatureKey => _signatureKeys.Repeated > 0;

    public bool ContainsEncryptionKey(ReadOnlyMemory<byte> key) => _encryptionKeys.Contains(key);

    public LeafNode? Leaf(uint leaf) => leaf < Width ? _root.Find(2 * leaf)!.Leaf : null;

    public RatchetTree ToTree() =>
        new(_root, Width, _encryptionKeys.ToCounts(), _signatureKeys.ToCounts(), _capabilities.ToCounts());

    /// <summary>A tree without members, the ground to build on.</summary>
    public static RatchetTree BlankTree(uint width) =>
        new(BlankSubtree(TreeMath.Root(width), null), width, KeyCounts.Empty, KeyCounts.Empty, CapabilityCounts.Empty);

    /// <summary>A tree of these nodes, extended to the right to a full one.</summary>
    public static RatchetTree Build(IReadOnlyList<LeafNode?> leaves, IReadOnlyList<ParentNode?> parents)
    {
        uint width = TreeMath.RoundUp((uint)leaves.Count);
        var editor = new TreeEditor(new RatchetTree(
            BlankSubtree(0, null), width, KeyCounts.Empty, KeyCounts.Empty, CapabilityCounts.Empty));
        editor._root = editor.BuildSubtree(TreeMath.Root(width), leaves, parents);
        return editor.ToTree();
    }

    /// <summary>Puts a leaf in its place and leaves its direct path alone; null blanks it.</summary>
    public void SetLeaf(uint leaf, LeafNode? content)
    {
        int depth = OwnPath(leaf);
        Forget(_path[0].Leaf);
        _path[0].SetLeaf(content);
        Remember(content);
        Recount(depth);
    }

    /// <summary>Applies an Update (RFC 9420 §12.1.2) or, with null, the blanking of a Remove (RFC 9420 §12.1.3).</summary>
    public void ReplaceLeaf(uint leaf, LeafNode? content)
    {
        SetLeaf(leaf, content);
        BlankPath(leaf);
    }

    /// <summary>Applies an Add (RFC 9420 §12.1.1): the leftmost blank leaf, or the first of a new right half.</summary>
    public uint AddLeaf(LeafNode content)
    {
        uint leaf = TakeBlankLeaf();
        int depth = OwnPath(leaf);
        _path[0].SetLeaf(content);
        Remember(content);
        for (int level = 1; level <= depth; level++)
        {
            if (_path[level].Parent is { } parent)
            {
                _path[level].SetParent(parent.WithUnmergedLeaf(leaf));
            }
        }
        Recount(depth);
        return leaf;
    }

    /// <summary>The leftmost blank leaf; where there is none the tree is extended (RFC 9420 §7.7).</summary>
    public uint TakeBlankLeaf()
    {
        if (_root.LeafCount == Width)
        {
            Extend();
        }
        TreeNode node = _root;
        while (!node.IsLeaf)
        {
            node = node.Left!.LeafCount < 1 << (node.Level - 1) ? node.Left : node.Right!;
        }
        return node.Index / 2;
    }

    /// <summary>Blanks every parent between a leaf and the root.</summary>
    public void BlankPath(uint leaf)
    {
        int depth = OwnPath(leaf);
        for (int level = 1; level <= depth; level++)
        {
            ReplaceParent(_path[level], null);
        }
        Recount(depth);
    }

    /// <summary>Sets parents above a leaf, by level, all others on the way being blank (RFC 9420 §7.5).</summary>
    public void SetPath(uint leaf, IReadOnlyList<(int Level, ParentNode Node)> parents)
    {
        int depth = OwnPath(leaf);
        for (int level = 1; level <= depth; level++)
        {
            ReplaceParent(_path[level], null);
        }
        foreach ((int level, ParentNode node) in parents)
        {
            ReplaceParent(_path[level], node);
        }
        Recount(depth);
    }

    /// <summary>Removes the right half while it is all blank (RFC 9420 §7.7).</summary>
    public void Truncate()
    {
        while (Width > 1 && _root.Right!.LeafCount == 0)
        {
            // The root goes too, and with it the key it may hold; so do parents of the right half, if a peer built such.
            ForgetSubtreeKeys(_root.Right);
            ReplaceParent(_root = _root.Own(_owner), null);
            _root = _root.Left!;
            Width /= 2;
        }
    }

    private static TreeNode BlankSubtree(uint index, object? owner)
    {
        var node = new TreeNode(index, owner);
        if (!node.IsLeaf)
        {
            node.SetChildren(BlankSubtree(TreeMath.Left(index), owner), BlankSubtree(TreeMath.Right(index), owner));
        }
        return node;
    }

    private TreeNode BuildSubtree(uint index, IReadOnlyList<LeafNode?> leaves, IReadOnlyList<ParentNode?> parents)
    {
        var node = new TreeNode(index, _owner);
        int place = (int)(index / 2);
        if (node.IsLeaf)
        {
            LeafNode? leaf = place < leaves.Count ? leaves[place] : null;
            node.SetLeaf(leaf);
            Remember(leaf);
            return node;
        }
        node.SetChildren(BuildSubtree(TreeMath.Left(index), leaves, parents), BuildSubtree(TreeMath.Right(index), leaves, parents));
        ReplaceParent(node, place < parents.Count ? parents[place] : null);
        node.Recount();
        return node;
    }

    private void Extend()
    {
        var root = new TreeNode(TreeMath.Root(Width * 2), _owner);
        root.SetChildren(_root, BlankSubtree(TreeMath.Right(root.Index), _owner));
        root.Recount();
        _root = root;
        Width *= 2;
    }

    /// <summary>Makes the path from the root to a leaf this editor's own, by level in <c>_path</c>; the root's level.</summary>
    private int OwnPath(uint leaf)
    {
        _root = _root.Own(_owner);
        int depth = _root.Level;
        TreeNode node = _root;
        for (int level = depth; level > 0; level--)
        {
            _path[level] = node;
            bool goLeft = 2 * leaf < node.Index;
            TreeNode child = (goLeft ? node.Left : node.Right)!.Own(_owner);
            node.SetChildren(goLeft ? child : node.Left!, goLeft ? node.Right! : child);
            node = child;
        }
        _path[0] = node;
        return depth;
    }

    private void Recount(int depth)
    {
        for (int level = 1; level <= depth; level++)
        {
            _path[level].Recount();
        }
    }

    private void ReplaceParent(TreeNode node, ParentNode? parent)
    {
        if (node.Parent is { } old)
        {
            _encryptionKeys.Remove(old.EncryptionKey);
        }
        node.SetParent(parent);
        if (parent is not null)
        {
            _encryptionKeys.Add(parent.EncryptionKey);
        }
    }

    private void ForgetSubtreeKeys(TreeNode node)
    {
        if (node.IsEmpty)
        {
            return;
        }
        if (node.Parent is { } parent)
        {
            _encryptionKeys.Remove(parent.EncryptionKey);
        }
        if (!node.IsLeaf)
        {
            ForgetSubtreeKeys(node.Left!);
            ForgetSubtreeKeys(node.Right!);
        }
    }

    private void Remember(LeafNode? leaf)
    {
        if (leaf is not null)
        {
            _encryptionKeys.Add(leaf.EncryptionKey);
            _signatureKeys.Add(leaf.SignatureKey);
            _capabilities.Add(leaf);
        }
    }

    private void Forget(LeafNode? leaf)
    {
        if (leaf is not null)
        {
            _encryptionKeys.Remove(leaf.EncryptionKey);
            _signatureKeys.Remove(leaf.SignatureKey);
            _capabilities.Remove(leaf);
        }
    }
}
