namespace Quicprochat.Mls.Messages;

/// <summary>Update (RFC 9420 §12.1.2): <c>struct { LeafNode leaf_node; } Update;</c></summary>
public sealed class UpdateProposal : Proposal
{
    internal UpdateProposal(LeafNode leafNode, ReadOnlyMemory<byte> encoded)
        : base(ProposalType.Update, encoded)
        => LeafNode = leafNode;

    /// <summary>The leaf that replaces the sender's.</summary>
    public LeafNode LeafNode { get; }
}
