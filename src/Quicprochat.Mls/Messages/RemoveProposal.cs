namespace Quicprochat.Mls.Messages;

/// <summary>Remove (RFC 9420 §12.1.3): <c>struct { uint32 removed; } Remove;</c></summary>
public sealed class RemoveProposal : Proposal
{
    internal RemoveProposal(uint removed, ReadOnlyMemory<byte> encoded)
        : base(ProposalType.Remove, encoded)
        => Removed = removed;

    /// <summary>The leaf index of the member to remove.</summary>
    public uint Removed { get; }
}
