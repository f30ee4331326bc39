using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// A committer's new leaf and new parent nodes, from its leaf up (RFC 9420 §7.6):
/// <c>struct { LeafNode leaf_node; UpdatePathNode nodes&lt;V&gt;; } UpdatePath;</c>
/// </summary>
internal sealed class UpdatePath(LeafNode leafNode, IReadOnlyList<UpdatePathNode> nodes)
{
    public LeafNode LeafNode { get; } = leafNode;

    public IReadOnlyList<UpdatePathNode> Nodes { get; } = nodes;

    /// <summary>At least as long as it is when written.</summary>
    public int LengthMax => LeafNode.Encoded.Length + Nodes.Sum(static node => node.LengthMax) + 4;

    public static bool TryRead(ref Reader reader, [NotNullWhen(true)] out UpdatePath? path)
    {
        path = null;
        if (!LeafNode.TryRead(ref reader, out LeafNode? leafNode) || !reader.TryReadList(UpdatePathNode.TryRead, out UpdatePathNode[]? nodes))
        {
            return false;
        }
        path = new UpdatePath(leafNode, nodes);
        return true;
    }

    public void Write(ref Writer writer)
    {
        LeafNode.Write(ref writer);
        int start = writer.BeginVector();
        for (int i = 0; i < Nodes.Count; i++)
        {
            Nodes[i].Write(ref writer);
        }
        writer.EndVector(start);
    }
}
