namespace Quicprochat.Mls.Tree;

/// <summary>What a node of the tree is (RFC 9420 §7.8).</summary>
internal enum NodeType : byte
{
    Reserved = 0,
    Leaf = 1,
    Parent = 2,
}
