using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Groups;

/// <summary>A proposal as a commit covers it.</summary>
/// <param name="Proposal">What is asked for.</param>
/// <param name="Sender">Who asked: the committer, where it is given by value.</param>
/// <param name="Received">The message it came in, where it is given by reference; it was validated when it arrived.</param>
internal readonly record struct CommittedProposal(Proposal Proposal, Sender Sender, ReceivedProposal? Received)
{
    public ProposalOrRef ToProposalOrRef() => Received is null ? new ProposalOrRef(Proposal, default) : new ProposalOrRef(null, Received.Reference);
}
