using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>What a group that continues another must have in common with it (RFC 9420 §11.2, §11.3).</summary>
internal static class ResumptionRules
{
    /// <summary>RFC 9420 §12.4.3.1: every member of the old group is one of the new.</summary>
    public static MlsError? CheckReInitMembers(MlsClient client, RatchetTree origin, IEnumerable<Credential> members)
    {
        HashSet<ReadOnlyMemory<byte>> names = NamesOf(client, members);
        return origin.Members().All(item => names.Contains(client.Authentication.Identify(item.Leaf.Credential))) ? null : Rule.ReInitMembers;
    }

    /// <summary>RFC 9420 §11.3: every member of the subgroup is one of the origin.</summary>
    public static MlsError? CheckBranchMembers(MlsClient client, RatchetTree origin, IEnumerable<Credential> members)
    {
        HashSet<ReadOnlyMemory<byte>> names = NamesOf(client, origin.Members().Select(static item => item.Leaf.Credential));
        return members.All(member => names.Contains(client.Authentication.Identify(member))) ? null : Rule.BranchMembers;
    }

    /// <summary>What a joiner checks of a group that continues one it was in (RFC 9420 §12.4.3.1).</summary>
    public static MlsError? CheckJoin(MlsClient client, ResumptionPskUsage usage, Group origin, (GroupContext Context, RatchetTree Tree) joined)
    {
        if (joined.Context.Epoch != 1)
        {
            return Rule.ResumedEpoch; // RFC 9420 §12.4.3.1
        }
        IEnumerable<Credential> members = joined.Tree.Members().Select(static item => item.Leaf.Credential);
        if (usage == ResumptionPskUsage.Branch)
        {
            bool same = joined.Context.Version == origin.State.Context.Version && joined.Context.CipherSuite == origin.State.Context.CipherSuite;
            return same ? CheckBranchMembers(client, origin.State.Tree, members) : Rule.BranchMismatch; // RFC 9420 §11.3
        }
        bool described = origin.ReInit is { } reInit
            && reInit.GroupId.Span.SequenceEqual(joined.Context.GroupId.Span)
            && reInit.Version == joined.Context.Version
            && reInit.CipherSuite == joined.Context.CipherSuite
            && reInit.Extensions.SequenceEqual(joined.Context.Extensions);
        return described ? CheckReInitMembers(client, origin.State.Tree, members) : Rule.ReInitMismatch; // RFC 9420 §11.2
    }

    private static HashSet<ReadOnlyMemory<byte>> NamesOf(MlsClient client, IEnumerable<Credential> members) =>
        new(members.Select(client.Authentication.Identify), BytesComparer.Instance);
}
