using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Messages;

namespace Quicprochat.Sdk.Conversations;

/// <summary>
/// When a commit that MLS finds good is also good for us (docs/protocol/groups.md). Every rule depends on the log and the group alone, so that all members agree.
/// </summary>
internal static class EntryRules
{
    /// <summary>Why the commit is not valid; null when it is.</summary>
    public static string? Check(ClientState client, Group group, StagedCommit staged, LogEntryBody body)
    {
        EpochChange change = staged.Change;
        if (!Protobuf.TryParse(CommitHeader.Parser, staged.AuthenticatedData.Span, out CommitHeader? header)
            || !header.Follows.Equals(body.Follows)
            || !header.Base.Equals(body.Base)
            || !header.Added.Equals(body.Added)
            || !header.Removed.Equals(body.Removed))
        {
            return "the server was told something else than the members";
        }
        if (change.ReInit is not null)
        {
            return "the group is not to be started over";
        }
        if (change.Proposals.Any(proposal => group.PendingProposals.Any(pending => ReferenceEquals(pending.Proposal, proposal))))
        {
            // A member that reads the log ahead of its mailbox does not have the proposal yet.
            return "a proposal is named instead of brought along";
        }
        if (change.Proposals.OfType<GroupContextExtensionsProposal>().Any(item => !IsSuccessor(group, item.Extensions)))
        {
            return "the conversation would become another one";
        }
        return body.External ? CheckExternal(client, change, body) : CheckMember(client, group, change, body);
    }

    /// <summary>The proposals a commit carries for a roster change, as the log entry has them.</summary>
    public static IReadOnlyList<(string Account, DeviceId Device)> Devices(IEnumerable<DeviceRef> references)
    {
        var devices = new List<(string, DeviceId)>();
        foreach (DeviceRef reference in references)
        {
            if (DeviceId.TryFrom(reference.DeviceId.Span, out DeviceId id))
            {
                devices.Add((reference.Account, id));
            }
        }
        return devices;
    }

    private static string? CheckMember(ClientState client, Group group, EpochChange change, LogEntryBody body)
    {
        if (change.Committer.Type != SenderType.Member)
        {
            return "the server was not told that it is an external commit";
        }
        if (!Same(client, change.Added, body.Added) || !Same(client, change.Removed, body.Removed))
        {
            return "the server was told of other devices";
        }
        HashSet<string> after = [.. client.Conversations.MembersOf(group).Select(Key)];
        foreach (Member removed in change.Removed)
        {
            after.Remove(KeyOf(client, removed));
        }
        return change.Added.All(member => after.Add(KeyOf(client, member))) ? null : "a device would be a member twice";
    }

    private static string? CheckExternal(ClientState client, EpochChange change, LogEntryBody body)
    {
        bool inPlace = change.Committer.Type == SenderType.NewMemberCommit
            && body.Added.Count == 0
            && body.Removed.Count == 0
            && change.Added.Count == 1
            && change.Removed.Count == 1
            && client.Directory.TryIdentify(change.Added[0].Credential, out VerifiedMember? joined)
            && client.Directory.TryIdentify(change.Removed[0].Credential, out VerifiedMember? old)
            && joined.IsSameDevice(old);
        return inPlace ? null : "an external commit brings back the same device and nobody else";
    }

    private static bool Same(ClientState client, IReadOnlyList<Member> members, IEnumerable<DeviceRef> references)
    {
        var told = new HashSet<string>(Devices(references).Select(static device => $"{device.Account}/{device.Device}"), StringComparer.Ordinal);
        return told.Count == members.Count && members.All(member => told.Contains(KeyOf(client, member)));
    }

    private static string KeyOf(ClientState client, Member member) =>
        client.Directory.TryIdentify(member.Credential, out VerifiedMember? verified) ? Key(verified) : string.Empty;

    private static string Key(VerifiedMember member) => $"{member.Account}/{member.Device}";

    private static bool IsSuccessor(Group group, IReadOnlyList<Extension> extensions) =>
        Info.TryRead(group.Extensions, out ConversationInfo? before)
        && Info.TryRead(extensions, out ConversationInfo? after)
        && before.Kind == after.Kind
        && string.Equals(before.Server, after.Server, StringComparison.Ordinal);
}
