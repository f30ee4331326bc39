using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>When a proposal is valid by itself (RFC 9420 §12.1) and when a list of them is (RFC 9420 §12.2).</summary>
internal static class ProposalRules
{
    /// <summary>One proposal, when it is made or arrives and again when it is committed. Only new credentials are asked about.</summary>
    public static MlsError? Check(GroupView view, Proposal proposal, Sender sender, bool askAboutCredential)
    {
        if (CheckSender(proposal.Type, sender) is { } error)
        {
            return error;
        }
        switch (proposal)
        {
            case AddProposal add:
                CredentialPlace place = view.Sending ? CredentialPlace.KeyPackageToAdd : CredentialPlace.AddProposal;
                return KeyPackageRules.Check(view, add.KeyPackage)
                    ?? (askAboutCredential ? CredentialRules.Check(view, place, add.KeyPackage.LeafNode) : null);
            case UpdateProposal update:
                return CheckUpdate(view, update.LeafNode, sender.Index, askAboutCredential);
            case RemoveProposal remove:
                return view.Tree.Leaf(remove.Removed) is null ? Rule.RemoveBlank : null; // RFC 9420 §12.1.3
            case PreSharedKeyProposal psk:
                return CheckPsk(view, psk.Psk);
            case ReInitProposal reInit when reInit.Version < ProtocolVersion.Mls10:
                return Rule.ReInitVersion; // RFC 9420 §12.1.5
            case ReInitProposal reInit:
                return reInit.Extensions.HasDuplicates() ? Rule.DuplicateExtension : null; // RFC 9420 §13.4
            case GroupContextExtensionsProposal extensions:
                return GroupRequirements.TryParse(extensions.Extensions, out GroupRequirements requirements)
                    ?? (askAboutCredential ? CredentialRules.CheckExternalSenders(view, requirements.ExternalSenders, view.Requirements.ExternalSenders) : null);
            case CustomProposal custom:
                return view.Client.Proposals.Contains(custom.Type) ? null : Rule.ProposalTypeUnsupported; // RFC 9420 §13.2
            default:
                return null;
        }
    }

    /// <summary>The list of a commit by a member (RFC 9420 §12.2). The proposals see the extensions the commit puts in force (RFC 9420 §12.3).</summary>
    public static MlsError? CheckList(GroupView view, IReadOnlyList<CommittedProposal> proposals, uint committer)
    {
        var changedLeaves = new HashSet<uint>();
        var removedKeys = new HashSet<ReadOnlyMemory<byte>>(BytesComparer.Instance);
        int extensions = 0;
        foreach (CommittedProposal item in proposals)
        {
            uint? leaf = null;
            switch (item.Proposal)
            {
                case UpdateProposal when item.Sender == Sender.Member(committer):
                    return Rule.UpdateByCommitter; // RFC 9420 §12.2
                case RemoveProposal remove when remove.Removed == committer:
                    return Rule.RemoveCommitter; // RFC 9420 §12.2
                case UpdateProposal:
                    leaf = item.Sender.Index;
                    break;
                case RemoveProposal remove:
                    leaf = remove.Removed;
                    if (view.Tree.Leaf(remove.Removed) is { } removed)
                    {
                        removedKeys.Add(removed.SignatureKey);
                    }
                    break;
                case ExternalInitProposal:
                    return Rule.ExternalInitByMember; // RFC 9420 §12.2
                case GroupContextExtensionsProposal when ++extensions > 1:
                    return Rule.GroupContextExtensionsTwice; // RFC 9420 §12.2
                case ReInitProposal when proposals.Count > 1:
                    return Rule.ReInitNotAlone; // RFC 9420 §12.2
            }
            if (leaf is { } changed && !changedLeaves.Add(changed))
            {
                return Rule.LeafChangedTwice; // RFC 9420 §12.2
            }
        }
        return CheckItems(view, proposals) ?? CheckAdds(view, proposals, removedKeys) ?? CheckPskList(proposals) ?? CheckCustom(view, proposals);
    }

    /// <summary>The list of an external commit (RFC 9420 §12.2, §12.4.3.2).</summary>
    public static MlsError? CheckExternalList(GroupView view, IReadOnlyList<CommittedProposal> proposals)
    {
        int inits = 0;
        int removes = 0;
        foreach (CommittedProposal item in proposals)
        {
            if (item.Received is not null)
            {
                return Rule.ExternalCommitReference; // RFC 9420 §12.4.3.2
            }
            inits += item.Proposal is ExternalInitProposal ? 1 : 0;
            removes += item.Proposal is RemoveProposal ? 1 : 0;
            if (removes > 1 || item.Proposal is not (ExternalInitProposal or RemoveProposal or PreSharedKeyProposal))
            {
                return Rule.ExternalCommitProposals; // RFC 9420 §12.2
            }
            MlsError? error = item.Proposal switch
            {
                RemoveProposal remove when view.Tree.Leaf(remove.Removed) is null => Rule.RemoveBlank, // RFC 9420 §12.1.3
                PreSharedKeyProposal psk => CheckPsk(view, psk.Psk),
                _ => null,
            };
            if (error is not null)
            {
                return error;
            }
        }
        return inits == 1 ? CheckPskList(proposals) : Rule.ExternalCommitInit; // RFC 9420 §12.2
    }

    /// <summary>RFC 9420 §12.4: whether a commit of this list needs a path.</summary>
    public static bool NeedsPath(IReadOnlyList<CommittedProposal> proposals) =>
        proposals.Count == 0
        || proposals.Any(static item => item.Proposal.Type is ProposalType.Update or ProposalType.Remove or ProposalType.ExternalInit or ProposalType.GroupContextExtensions);

    private static MlsError? CheckSender(ProposalType type, Sender sender) => sender.Type switch
    {
        SenderType.Member => type == ProposalType.ExternalInit ? Rule.ExternalInitByMember : null, // RFC 9420 §12.1.6
        SenderType.External when type is ProposalType.Add or ProposalType.Remove or ProposalType.Psk or ProposalType.ReInit
            or ProposalType.GroupContextExtensions => null,
        SenderType.External => Rule.ExternalProposalType, // RFC 9420 §12.1.8
        SenderType.NewMemberProposal when type == ProposalType.Add => null,
        _ => Rule.ProposalSender, // RFC 9420 §12.1.8
    };

    private static MlsError? CheckUpdate(GroupView view, LeafNode leaf, uint leafIndex, bool askAboutCredential)
    {
        LeafNode? replaced = view.Tree.Leaf(leafIndex);
        return replaced is null
            ? Rule.ProposalSender // RFC 9420 §12.1.2
            : LeafRules.Check(view, leaf, leafIndex, LeafNodeSource.Update)
                ?? LeafRules.CheckSuccessor(leaf, replaced)
                ?? (askAboutCredential ? CredentialRules.Check(view, CredentialPlace.UpdateProposal, leaf, replaced) : null);
    }

    private static MlsError? CheckPsk(GroupView view, PreSharedKeyId psk)
    {
        if (psk.Nonce.Length != view.Crypto.HashSize)
        {
            return Rule.PskNonce; // RFC 9420 §12.1.4
        }
        bool special = psk.Type == PskType.Resumption && psk.Usage != ResumptionPskUsage.Application;
        return special && psk.Usage != view.Purpose ? Rule.PskUsage : null; // RFC 9420 §12.1.4
    }

    private static MlsError? CheckItems(GroupView view, IReadOnlyList<CommittedProposal> proposals)
    {
        GroupView inForce = view;
        foreach (CommittedProposal item in proposals)
        {
            if (item.Proposal is GroupContextExtensionsProposal extensions)
            {
                if (GroupRequirements.TryParse(extensions.Extensions, out GroupRequirements requirements) is { } malformed)
                {
                    return malformed;
                }
                inForce = view with { Requirements = requirements };
            }
        }
        foreach (CommittedProposal item in proposals)
        {
            GroupView seen = item.Proposal is GroupContextExtensionsProposal ? view : inForce;
            if (item.Proposal is not CustomProposal && Check(seen, item.Proposal, item.Sender, askAboutCredential: item.Received is null) is { } error)
            {
                return error;
            }
        }
        return null;
    }

    private static MlsError? CheckAdds(GroupView view, IReadOnlyList<CommittedProposal> proposals, HashSet<ReadOnlyMemory<byte>> removedKeys)
    {
        var added = new HashSet<ReadOnlyMemory<byte>>(BytesComparer.Instance);
        foreach (CommittedProposal item in proposals)
        {
            if (item.Proposal is not AddProposal add)
            {
                continue;
            }
            ReadOnlyMemory<byte> key = add.KeyPackage.LeafNode.SignatureKey;
            if (!added.Add(key))
            {
                return Rule.AddTwice; // RFC 9420 §12.2
            }
            if (view.Tree.SignatureKeys.Contains(key) && !removedKeys.Contains(key))
            {
                return Rule.AddMember; // RFC 9420 §12.2
            }
        }
        return null;
    }

    private static MlsError? CheckPskList(IReadOnlyList<CommittedProposal> proposals)
    {
        var seen = new HashSet<ReadOnlyMemory<byte>>(BytesComparer.Instance);
        foreach (CommittedProposal item in proposals)
        {
            if (item.Proposal is PreSharedKeyProposal psk && !seen.Add(psk.Psk.ToArray()))
            {
                return Rule.PskTwice; // RFC 9420 §12.2
            }
        }
        return null;
    }

    /// <summary>RFC 9420 §12.2: whoever will process the commit supports the type; who is removed or added need not.</summary>
    private static MlsError? CheckCustom(GroupView view, IReadOnlyList<CommittedProposal> proposals)
    {
        List<LeafNode>? removed = null;
        foreach (CommittedProposal item in proposals)
        {
            if (item.Proposal is not CustomProposal custom)
            {
                continue;
            }
            removed ??= [.. proposals.Select(static other => other.Proposal).OfType<RemoveProposal>().Select(other => view.Tree.Leaf(other.Removed)!)];
            int remaining = view.Tree.MemberCount - removed.Count;
            int supporting = view.Tree.Capabilities.Supporting(custom.Type) - removed.Count(leaf => leaf.Capabilities.Supports(custom.Type));
            if (supporting != remaining)
            {
                return Rule.ProposalTypeUnsupported; // RFC 9420 §12.2
            }
        }
        return null;
    }
}
