using System.Globalization;
using System.Text;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace MlsPeer;

internal sealed partial class Peer
{
    private string[] Send(Words words) => Say("message", CurrentGroup().Protect(Encoding.UTF8.GetBytes(words.Text())));

    private string[] Process(Words words)
    {
        byte[] message = words.Hex("message");
        words.End();
        Received received = CurrentGroup().Process(message, NowSeconds);
        return received switch
        {
            ReceivedApplication application => [$"application {OneLine(Encoding.UTF8.GetString(application.Data.Span))}"],
            ReceivedProposal proposal => [$"proposal {Kind(proposal.Proposal.Type)}"],
            ReceivedCommit commit => [string.Create(CultureInfo.InvariantCulture, $"epoch {commit.Change.Epoch}")],
            NotProcessed not => throw new RefusedException(not.Reason.ToString(), Explain(not.Reason)),
            _ => throw new RefusedException("Unexpected", "The message is of no kind that is known here."),
        };
    }

    private static string Explain(NotProcessedReason reason) => reason switch
    {
        NotProcessedReason.OwnMessage => "This peer sent it.",
        NotProcessedReason.OwnPendingCommit => "It is the commit that waits here: confirm or drop it.",
        NotProcessedReason.Duplicate => "It was processed before.",
        NotProcessedReason.PastEpoch => "Its epoch is over.",
        NotProcessedReason.FutureEpoch or NotProcessedReason.FutureEpochNotHeld => "Its epoch has not begun here.",
        _ => "Another commit ended its epoch.",
    };

    /// <summary>The names of RFC 9420 §17.4.</summary>
    private static string Kind(ProposalType type) => type switch
    {
        ProposalType.Add => "add",
        ProposalType.Update => "update",
        ProposalType.Remove => "remove",
        ProposalType.Psk => "psk",
        ProposalType.ReInit => "reinit",
        ProposalType.ExternalInit => "external_init",
        ProposalType.GroupContextExtensions => "group_context_extensions",
        _ => "custom",
    };
}
