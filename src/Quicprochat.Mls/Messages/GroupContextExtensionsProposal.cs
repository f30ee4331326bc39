namespace Quicprochat.Mls.Messages;

/// <summary>GroupContextExtensions (RFC 9420 §12.1.7): <c>struct { Extension extensions&lt;V&gt;; } GroupContextExtensions;</c></summary>
public sealed class GroupContextExtensionsProposal : Proposal
{
    internal GroupContextExtensionsProposal(IReadOnlyList<Extension> extensions, ReadOnlyMemory<byte> encoded)
        : base(ProposalType.GroupContextExtensions, encoded)
        => Extensions = extensions;

    /// <summary>All extensions the group will have.</summary>
    public IReadOnlyList<Extension> Extensions { get; }
}
