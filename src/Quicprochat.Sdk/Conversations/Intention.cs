using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Identity;

namespace Quicprochat.Sdk.Conversations;

/// <summary>A change of a group that somebody wants. It is planned anew for every epoch it is tried in, and ends well when others have made it already.</summary>
internal abstract class Intention
{
    /// <summary>What to commit now; null when nothing is left to do.</summary>
    public abstract CommitPlan? Plan(ClientState client, Group group);

    /// <summary>Nothing but fresh keys for this device.</summary>
    public static Intention UpdateKeys() => new FreshKeys();

    /// <summary>These devices become members, those that are none yet.</summary>
    public static Intention Add(IReadOnlyList<(VerifiedMember Device, KeyPackage KeyPackage)> devices) => new Addition(devices);

    /// <summary>The members that fit are removed, this device never.</summary>
    public static Intention Remove(Func<VerifiedMember, bool> fits) => new Removal(fits);

    /// <summary>Covers proposals of others, so that messages can be sent again: removals are made, everything else is let go.</summary>
    public static Intention Settle() => new Settlement();

    private sealed class FreshKeys : Intention
    {
        public override CommitPlan? Plan(ClientState client, Group group) => new([], [], []) { NewLeaf = true };
    }

    private sealed class Addition(IReadOnlyList<(VerifiedMember Device, KeyPackage KeyPackage)> devices) : Intention
    {
        public override CommitPlan? Plan(ClientState client, Group group)
        {
            HashSet<(string, DeviceId)> members = [.. client.Conversations.MembersOf(group).Select(static member => (member.Account, member.Device))];
            var missing = devices.Where(item => !members.Contains((item.Device.Account, item.Device.Device))).ToList();
            return missing.Count == 0
                ? null
                : new CommitPlan([.. missing.Select(static item => Proposal.Add(item.KeyPackage))], [.. missing.Select(static item => item.Device.Reference)], []);
        }
    }

    private sealed class Removal(Func<VerifiedMember, bool> fits) : Intention
    {
        public override CommitPlan? Plan(ClientState client, Group group) => PlanRemoval(client, group, fits);
    }

    private sealed class Settlement : Intention
    {
        public override CommitPlan? Plan(ClientState client, Group group)
        {
            HashSet<uint> leaves = [.. group.PendingProposals.Select(static item => item.Proposal).OfType<RemoveProposal>().Select(static item => item.Removed)];
            return group.PendingProposals.Count == 0 ? null
                : PlanRemoval(client, group, member => leaves.Any(leaf => group.FindMember(leaf) is { } found
                    && client.Directory.TryIdentify(found.Credential, out VerifiedMember? verified) && verified.IsSameDevice(member)))
                    ?? new CommitPlan([], [], []);
        }
    }

    private static CommitPlan? PlanRemoval(ClientState client, Group group, Func<VerifiedMember, bool> fits)
    {
        var proposals = new List<Proposal>();
        var removed = new List<DeviceRef>();
        foreach (Member member in group.Members)
        {
            if (member.LeafIndex != group.OwnLeafIndex && client.Directory.TryIdentify(member.Credential, out VerifiedMember? verified) && fits(verified))
            {
                proposals.Add(Proposal.Remove(member.LeafIndex));
                removed.Add(verified.Reference);
            }
        }
        return proposals.Count == 0 ? null : new CommitPlan(proposals, [], removed);
    }
}
