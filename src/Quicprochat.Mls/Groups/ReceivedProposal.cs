using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Groups;

/// <summary>A proposal, valid and kept for a commit of this epoch.</summary>
public sealed class ReceivedProposal : Received
{
    internal ReceivedProposal(AuthenticatedContent content, ReadOnlyMemory<byte> reference)
        : base(content.Content.Epoch)
    {
        Content = content;
        Reference = reference;
    }

    /// <summary>Who asks.</summary>
    public Sender Sender => Content.Content.Sender;

    /// <summary>What is asked for.</summary>
    public Proposal Proposal => Content.Content.Proposal!;

    /// <summary>The hash by which commits refer to it (RFC 9420 §5.2).</summary>
    public ReadOnlyMemory<byte> Reference { get; }

    /// <summary>What was sent along in the clear and authenticated.</summary>
    public ReadOnlyMemory<byte> AuthenticatedData => Content.Content.AuthenticatedData;

    internal AuthenticatedContent Content { get; }
}
