namespace Quicprochat.Mls.Messages;

/// <summary>PreSharedKey (RFC 9420 §12.1.4): <c>struct { PreSharedKeyID psk; } PreSharedKey;</c></summary>
public sealed class PreSharedKeyProposal : Proposal
{
    internal PreSharedKeyProposal(PreSharedKeyId psk, ReadOnlyMemory<byte> encoded)
        : base(ProposalType.Psk, encoded)
        => Psk = psk;

    /// <summary>The key to mix in.</summary>
    public PreSharedKeyId Psk { get; }
}
