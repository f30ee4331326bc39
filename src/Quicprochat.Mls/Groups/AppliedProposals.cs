using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>What a valid list of proposals makes of a group (RFC 9420 §12.3), before the path.</summary>
internal sealed class AppliedProposals
{
    private AppliedProposals(TreeEditor editor, GroupRequirements requirements)
    {
        Editor = editor;
        Requirements = requirements;
    }

    public TreeEditor Editor { get; }

    public GroupRequirements Requirements { get; private set; }

    public bool ExtensionsChanged { get; private set; }

    /// <summary>Who was added, in the order of the proposals.</summary>
    public List<(uint Leaf, KeyPackage KeyPackage)> Added { get; } = [];

    /// <summary>The leaves of <see cref="Added"/>: no path secret is encrypted to them (RFC 9420 §7.5).</summary>
    public HashSet<uint> NewLeaves { get; } = [];

    public List<Member> Removed { get; } = [];

    public List<uint> Updated { get; } = [];

    public List<PreSharedKeyId> Psks { get; } = [];

    public ReadOnlyMemory<byte>? KemOutput { get; private set; }

    public ReInitProposal? ReInit { get; private set; }

    public static AppliedProposals Apply(GroupView view, IReadOnlyList<CommittedProposal> proposals)
    {
        var applied = new AppliedProposals(view.Tree.Edit(), view.Requirements);
        foreach (CommittedProposal item in proposals)
        {
            applied.ApplyFirst(item);
        }
        foreach (CommittedProposal item in proposals)
        {
            if (item.Proposal is RemoveProposal remove)
            {
                applied.Removed.Add(new Member(remove.Removed, view.Tree.Leaf(remove.Removed)!));
                applied.Editor.ReplaceLeaf(remove.Removed, null);
            }
        }
        if (applied.Removed.Count > 0)
        {
            applied.Editor.Truncate();
        }
        foreach (CommittedProposal item in proposals)
        {
            if (item.Proposal is AddProposal add)
            {
                uint leaf = applied.Editor.AddLeaf(add.KeyPackage.LeafNode.Detached());
                applied.Added.Add((leaf, add.KeyPackage));
                applied.NewLeaves.Add(leaf);
            }
        }
        return applied;
    }

    /// <summary>Updates come before removes and removes before adds; what does not touch the tree is noted in the same pass.</summary>
    private void ApplyFirst(CommittedProposal item)
    {
        switch (item.Proposal)
        {
            case GroupContextExtensionsProposal extensions:
                if (GroupRequirements.TryParse(extensions.Extensions, out GroupRequirements requirements) is null)
                {
                    Requirements = requirements;
                    ExtensionsChanged = true;
                }
                break;
            case UpdateProposal update:
                Editor.ReplaceLeaf(item.Sender.Index, update.LeafNode.Detached());
                Updated.Add(item.Sender.Index);
                break;
            case PreSharedKeyProposal psk:
                Psks.Add(psk.Psk);
                break;
            case ExternalInitProposal init:
                KemOutput = init.KemOutput;
                break;
            case ReInitProposal reInit:
                ReInit = reInit;
                break;
        }
    }
}
