using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tree;

/// <summary>
/// The public ratchet tree of one epoch (RFC 9420 §4, §7). It never changes: <see cref="Edit"/> gives an editor whose result is
/// another tree that shares every subtree the edit did not touch.
/// </summary>
internal sealed class RatchetTree
{
    internal RatchetTree(TreeNode root, uint width, KeyCounts encryptionKeys, KeyCounts signatureKeys, CapabilityCounts capabilities)
    {
        Root = root;
        Width = width;
        EncryptionKeys = encryptionKeys;
        SignatureKeys = signatureKeys;
        Capabilities = capabilities;
    }

    public TreeNode Root { get; }

    /// <summary>How many leaves the tree has, blank ones too; a power of two.</summary>
    public uint Width { get; }

    public int MemberCount => Root.LeafCount;

    /// <summary>The encryption keys of leaves and parents.</summary>
    public KeyCounts EncryptionKeys { get; }

    public KeyCounts SignatureKeys { get; }

    public CapabilityCounts Capabilities { get; }

    /// <summary>A tree of one leaf.</summary>
    public static RatchetTree Single(LeafNode leaf)
    {
        var editor = new TreeEditor(TreeEditor.BlankTree(1));
        editor.SetLeaf(0, leaf);
        return editor.ToTree();
    }

    public TreeEditor Edit() => new(this);

    /// <summary>The leaf; null when it is blank or outside the tree.</summary>
    public LeafNode? Leaf(uint leaf) => leaf < Width ? Root.Find(2 * leaf)!.Leaf : null;

    /// <summary>The node; null when it is outside the tree.</summary>
    public TreeNode? Node(uint index) => index < TreeMath.NodeWidth(Width) ? Root.Find(index) : null;

    public byte[] TreeHash(MlsCrypto crypto) => Root.TreeHash(crypto).ToArray();

    /// <summary>Every leaf that is not blank, from the left.</summary>
    public IEnumerable<(uint Index, LeafNode Leaf)> Members()
    {
        foreach (TreeNode node in Nodes())
        {
            if (node.Leaf is not null)
            {
                yield return (node.Index / 2, node.Leaf);
            }
        }
    }

    /// <summary>Every node that is not blank, from the left.</summary>
    public IEnumerable<TreeNode> Nodes()
    {
        // In-order, without recursion: the stack holds at most one node a level.
        var stack = new Stack<TreeNode>();
        TreeNode? next = Root;
        while (next is not null || stack.Count > 0)
        {
            while (next is { IsEmpty: false })
            {
                stack.Push(next);
                next = next.Left;
            }
            if (stack.Count == 0)
            {
                yield break;
            }
            TreeNode node = stack.Pop();
            if (!node.IsBlank)
            {
                yield return node;
            }
            next = node.Right;
        }
    }

    /// <summary>True when every member supports the extension type.</summary>
    public bool AllSupport(ExtensionType type) => Messages.Capabilities.IsDefault(type) || Capabilities.Supporting(type) == MemberCount;

    /// <summary>True when every member supports the proposal type.</summary>
    public bool AllSupport(ProposalType type) => Messages.Capabilities.IsDefault(type) || Capabilities.Supporting(type) == MemberCount;

    /// <summary>True when every member supports the credential type.</summary>
    public bool AllSupport(CredentialType type) => Capabilities.Supporting(type) == MemberCount;

    /// <summary>Reads the ratchet_tree extension (RFC 9420 §12.4.3.3).</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out RatchetTree? tree)
    {
        tree = null;
        var reader = new Reader(bytes);
        if (!reader.TryReadVector(out ReadOnlyMemory<byte> content) || !reader.IsAtEnd || content.IsEmpty)
        {
            return false;
        }
        var leaves = new List<LeafNode?>();
        var parents = new List<ParentNode?>();
        bool lastBlank = true;
        var nodes = new Reader(content);
        while (!nodes.IsAtEnd)
        {
            bool isLeaf = leaves.Count == parents.Count;
            if (!TryReadNode(ref nodes, isLeaf, out LeafNode? leaf, out ParentNode? parent))
            {
                return false;
            }
            lastBlank = leaf is null && parent is null;
            if (isLeaf)
            {
                leaves.Add(leaf);
            }
            else
            {
                parents.Add(parent);
            }
        }
        if (lastBlank || leaves.Count > TreeMath.LeavesMax)
        {
            return false; // RFC 9420 §12.4.3.3: the last node is not blank.
        }
        tree = TreeEditor.Build(leaves, parents);
        return true;
    }

    /// <summary>Writes the ratchet_tree extension (RFC 9420 §12.4.3.3).</summary>
    public void Write(ref Writer writer)
    {
        int start = writer.BeginVector();
        uint next = 0;
        foreach (TreeNode node in Nodes())
        {
            for (; next < node.Index; next++)
            {
                writer.WritePresence(false);
            }
            writer.WritePresence(true);
            writer.WriteByte((byte)(node.IsLeaf ? NodeType.Leaf : NodeType.Parent));
            node.Leaf?.Write(ref writer);
            node.Parent?.Write(ref writer);
            next++;
        }
        writer.EndVector(start);
    }

    public byte[] ToArray()
    {
        var writer = new Writer((2 * (int)Width) + Nodes().Sum(static node => node.LengthMax) + 8);
        Write(ref writer);
        return writer.ToArray();
    }

    private static bool TryReadNode(ref Reader reader, bool isLeaf, out LeafNode? leaf, out ParentNode? parent)
    {
        leaf = null;
        parent = null;
        if (!reader.TryReadPresence(out bool present))
        {
            return false;
        }
        if (!present)
        {
            return true;
        }
        if (!reader.TryReadByte(out byte type) || (NodeType)type != (isLeaf ? NodeType.Leaf : NodeType.Parent))
        {
            return false; // RFC 9420 §12.4.3.3: leaves are the even entries.
        }
        return isLeaf ? LeafNode.TryRead(ref reader, out leaf) : ParentNode.TryRead(ref reader, out parent);
    }
}
