using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>
/// Which of the proposals received a commit covers (RFC 9420 §12.2, §12.4): all that are valid and fit together. A Remove goes
/// before an Update, a later Update before an earlier one, anything before a ReInit; what the committer itself gives by value
/// goes before all.
/// </summary>
internal static class ProposalChoice
{
    public static void AddFitting(GroupView view, uint committer, PskLookup.Find findPsk, List<CommittedProposal> chosen, IEnumerable<CachedProposal> received)
    {
        CommittedProposal[] candidates = [.. received.Select(static item => new CommittedProposal(item.Received.Proposal, item.Received.Sender, item.Received))];
        if (chosen.Exists(static item => item.Proposal is ReInitProposal))
        {
            return;
        }
        var changed = new HashSet<uint>(chosen.Select(static item => item.Proposal).OfType<RemoveProposal>().Select(static item => item.Removed)) { committer };
        var clients = new HashSet<ReadOnlyMemory<byte>>(
            chosen.Select(static item => item.Proposal).OfType<AddProposal>().Select(static item => item.KeyPackage.LeafNode.SignatureKey), BytesComparer.Instance);
        var fitting = new List<CommittedProposal>();
        foreach (CommittedProposal item in candidates)
        {
            if (item.Proposal is RemoveProposal remove && changed.Add(remove.Removed))
            {
                fitting.Add(item);
            }
        }
        foreach (CommittedProposal item in candidates.Reverse())
        {
            if (item.Proposal is UpdateProposal && changed.Add(item.Sender.Index))
            {
                fitting.Add(item);
            }
        }
        bool extensions = chosen.Exists(static item => item.Proposal is GroupContextExtensionsProposal);
        foreach (CommittedProposal item in candidates)
        {
            bool fits = item.Proposal switch
            {
                AddProposal add => clients.Add(add.KeyPackage.LeafNode.SignatureKey) && !IsMember(view, add, chosen.Concat(fitting)),
                GroupContextExtensionsProposal proposed => !extensions
                    && GroupRequirements.TryParse(proposed.Extensions, out GroupRequirements requirements) is null
                    && requirements.Check(view.Tree) is null,
                PreSharedKeyProposal psk => Has(findPsk, psk.Psk)
                    && !chosen.Concat(fitting).Any(other => other.Proposal is PreSharedKeyProposal same && same.Psk.SequenceEqual(psk.Psk)),
                CustomProposal custom => view.Tree.AllSupport(custom.Type),
                _ => false,
            };
            if (fits)
            {
                extensions |= item.Proposal is GroupContextExtensionsProposal;
                fitting.Add(item);
            }
        }
        chosen.AddRange(fitting.Where(item => ProposalRules.Check(view, item.Proposal, item.Sender, askAboutCredential: false) is null));
        CommittedProposal reInit = candidates.FirstOrDefault(static item => item.Proposal is ReInitProposal);
        if (chosen.Count == 0 && reInit.Proposal is not null)
        {
            chosen.Add(reInit);
        }
    }

    private static bool Has(PskLookup.Find findPsk, PreSharedKeyId id)
    {
        using Crypto.Secret? psk = findPsk(id);
        return psk is not null;
    }

    private static bool IsMember(GroupView view, AddProposal add, IEnumerable<CommittedProposal> others) =>
        view.Tree.SignatureKeys.Contains(add.KeyPackage.LeafNode.SignatureKey)
        && !others.Any(item => item.Proposal is RemoveProposal remove
            && view.Tree.Leaf(remove.Removed) is { } leaf
            && leaf.SignatureKey.Span.SequenceEqual(add.KeyPackage.LeafNode.SignatureKey.Span));
}
