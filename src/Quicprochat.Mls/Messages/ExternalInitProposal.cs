namespace Quicprochat.Mls.Messages;

/// <summary>ExternalInit (RFC 9420 §12.1.6): <c>struct { opaque kem_output&lt;V&gt;; } ExternalInit;</c></summary>
public sealed class ExternalInitProposal : Proposal
{
    internal ExternalInitProposal(ReadOnlyMemory<byte> kemOutput, ReadOnlyMemory<byte> encoded)
        : base(ProposalType.ExternalInit, encoded)
        => KemOutput = kemOutput;

    /// <summary>What the joiner encapsulated to the group's external key.</summary>
    public ReadOnlyMemory<byte> KemOutput { get; }
}
