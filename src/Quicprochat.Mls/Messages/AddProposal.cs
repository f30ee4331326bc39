namespace Quicprochat.Mls.Messages;

/// <summary>Add (RFC 9420 §12.1.1): <c>struct { KeyPackage key_package; } Add;</c></summary>
public sealed class AddProposal : Proposal
{
    internal AddProposal(KeyPackage keyPackage, ReadOnlyMemory<byte> encoded)
        : base(ProposalType.Add, encoded)
        => KeyPackage = keyPackage;

    /// <summary>The key package of the client to add.</summary>
    public KeyPackage KeyPackage { get; }
}
