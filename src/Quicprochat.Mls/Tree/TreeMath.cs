using System.Numerics;

namespace Quicprochat.Mls.Tree;

/// <summary>
/// Relations between the nodes of a full binary tree, by index (RFC 9420 §C): leaf L is node 2L, a node of level k
/// ends in a zero bit and k ones.
/// </summary>
internal static class TreeMath
{
    /// <summary>Most leaves a tree may have, so that node indices fit an int.</summary>
    public const uint LeavesMax = 1u << 29;

    /// <summary>The level of a node: 0 for a leaf.</summary>
    public static int Level(uint node) => BitOperations.TrailingZeroCount(~node);

    /// <summary>How many nodes a tree of <paramref name="leaves"/> leaves has.</summary>
    public static uint NodeWidth(uint leaves) => leaves == 0 ? 0 : (2 * leaves) - 1;

    /// <summary>The smallest power of two that is not below <paramref name="leaves"/>.</summary>
    public static uint RoundUp(uint leaves) => BitOperations.RoundUpToPowerOf2(leaves);

    /// <summary>The root of a tree of <paramref name="leaves"/> leaves, a power of two.</summary>
    public static uint Root(uint leaves) => leaves - 1;

    /// <summary>The left child of a parent.</summary>
    public static uint Left(uint node) => node ^ (1u << (Level(node) - 1));

    /// <summary>The right child of a parent.</summary>
    public static uint Right(uint node) => node ^ (3u << (Level(node) - 1));

    /// <summary>The parent of a node that is not the root.</summary>
    public static uint Parent(uint node)
    {
        int level = Level(node);
        return (node | (1u << level)) & ~(1u << (level + 1));
    }

    /// <summary>The other child of a node's parent.</summary>
    public static uint Sibling(uint node)
    {
        uint parent = Parent(node);
        return node < parent ? Right(parent) : Left(parent);
    }

    /// <summary>The ancestor of a leaf at <paramref name="level"/>; the leaf's own node at level 0.</summary>
    public static uint Ancestor(uint leaf, int level) => level == 0 ? 2 * leaf : (((2 * leaf) >> (level + 1)) << (level + 1)) | ((1u << level) - 1);

    /// <summary>The level of the lowest common ancestor of two leaves.</summary>
    public static int CommonLevel(uint leafA, uint leafB) => 32 - BitOperations.LeadingZeroCount(leafA ^ leafB);

    /// <summary>True when the leaf is in the subtree of the node.</summary>
    public static bool Covers(uint node, uint leaf) => Ancestor(leaf, Level(node)) == node;
}
