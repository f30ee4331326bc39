namespace Quicprochat.Mls.Messages;

/// <summary>A proposal of a type RFC 9420 does not define; its content is one <c>opaque</c> vector.</summary>
public sealed class CustomProposal : Proposal
{
    internal CustomProposal(ProposalType type, ReadOnlyMemory<byte> content, ReadOnlyMemory<byte> encoded)
        : base(type, encoded)
        => Content = content;

    /// <summary>What it says.</summary>
    public ReadOnlyMemory<byte> Content { get; }
}
