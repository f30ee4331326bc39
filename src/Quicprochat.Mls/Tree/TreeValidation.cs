using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tree;

/// <summary>What a newcomer checks of a tree as such (RFC 9420 §12.4.3.1); its leaves are validated by the rules for leaves.</summary>
internal static class TreeValidation
{
    public static MlsError? Check(MlsCrypto crypto, RatchetTree tree)
    {
        if (tree.EncryptionKeys.Repeated > 0 || tree.SignatureKeys.Repeated > 0)
        {
            return Rule.TreeKeyReused; // RFC 9420 §16.7
        }
        foreach (TreeNode node in tree.Nodes())
        {
            if (node.Parent is not null && (CheckUnmergedLeaves(node) ?? CheckParentHash(crypto, node)) is { } error)
            {
                return error;
            }
        }
        return null;
    }

    /// <summary>RFC 9420 §12.4.3.1: an unmerged leaf is a member below, and unmerged at every parent on the way.</summary>
    private static MlsError? CheckUnmergedLeaves(TreeNode node)
    {
        foreach (uint leaf in node.Parent!.UnmergedLeaves)
        {
            if (leaf >= TreeMath.LeavesMax || node.Find(2 * leaf)?.Leaf is null)
            {
                return Rule.TreeUnmergedLeaf; // RFC 9420 §12.4.3.1
            }
            TreeNode between = node;
            while (between.Index != 2 * leaf)
            {
                if (between.Parent is { } parent && !parent.HasUnmergedLeaf(leaf))
                {
                    return Rule.TreeUnmergedLeaf; // RFC 9420 §12.4.3.1
                }
                between = (2 * leaf < between.Index ? between.Left : between.Right)!;
            }
        }
        return null;
    }

    /// <summary>
    /// RFC 9420 §7.9.2, top down: exactly one node below continues the chain. What the resolution of a child has beside the
    /// unmerged leaves can only be that node, so at most one candidate on each side is ever hashed.
    /// </summary>
    private static MlsError? CheckParentHash(MlsCrypto crypto, TreeNode node)
    {
        int chains = Continues(crypto, node, node.Left!, node.Right!) + Continues(crypto, node, node.Right!, node.Left!);
        return chains == 1 ? null : Rule.TreeParentHash; // RFC 9420 §7.9.2
    }

    private static int Continues(MlsCrypto crypto, TreeNode node, TreeNode child, TreeNode sibling)
    {
        ParentNode parent = node.Parent!;
        ReadOnlySpan<uint> unmerged = child.Within(parent.UnmergedLeaves);
        TreeNode? candidate = null;
        int others = 0;
        if (!FindCandidate(child, unmerged, ref candidate, ref others) || candidate is null || others != unmerged.Length)
        {
            return 0;
        }
        ReadOnlyMemory<byte>? stated = candidate.Parent?.ParentHash
            ?? (candidate.Leaf!.Source == LeafNodeSource.Commit ? (ReadOnlyMemory<byte>?)candidate.Leaf.ParentHash : null);
        return stated is { } hash
            && hash.Span.SequenceEqual(TreeKem.ParentHash(crypto, parent, sibling.TreeHashWithout(crypto, parent.UnmergedLeaves)))
            ? 1
            : 0;
    }

    /// <summary>Walks the resolution until it has two nodes that are not unmerged leaves, which no chain can have.</summary>
    private static bool FindCandidate(TreeNode child, ReadOnlySpan<uint> unmerged, ref TreeNode? candidate, ref int others)
    {
        if (child.IsEmpty)
        {
            return true;
        }
        if (!child.IsLeaf && child.Parent is null)
        {
            return FindCandidate(child.Left!, unmerged, ref candidate, ref others) && FindCandidate(child.Right!, unmerged, ref candidate, ref others);
        }
        if (child.IsLeaf && unmerged.BinarySearch(child.Index / 2) >= 0)
        {
            others++;
            return true;
        }
        if (candidate is not null)
        {
            return false;
        }
        candidate = child;
        foreach (uint leaf in child.Parent is { } parent ? parent.UnmergedLeaves : [])
        {
            if (unmerged.BinarySearch(leaf) < 0)
            {
                return false;
            }
            others++;
        }
        return true;
    }
}
