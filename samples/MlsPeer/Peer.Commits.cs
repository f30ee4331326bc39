using System.Collections.Immutable;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace MlsPeer;

internal sealed partial class Peer
{
    private PendingJoin? _pendingJoin;
    private ImmutableList<string> _owedBeforeCommit = [];

    private string[] Add(Words words)
    {
        List<Proposal> adds = words.OneOrMore(static rest => Proposal.Add(ReadKeyPackage(rest)));
        return Commit(adds);
    }

    private string[] Update(Words words)
    {
        words.End();
        return Commit([]);
    }

    private string[] Remove(Words words)
    {
        List<Proposal> removes = words.OneOrMore(static rest => Proposal.Remove((uint)rest.Number("leaf index")));
        return Commit(removes);
    }

    private string[] JoinExternally(Words words)
    {
        byte[] groupInfo = words.Hex("group info");
        words.End();
        PendingJoin join = Group.JoinExternally(_client, Identity(), groupInfo, NowSeconds);
        if (_hold)
        {
            _pendingJoin = join;
        }
        else
        {
            Enter(join.Confirm());
        }
        return Say("commit", join.Message.Span);
    }

    private string[] Confirm(Words words)
    {
        words.End();
        if (_pendingJoin is not null)
        {
            Enter(_pendingJoin.Confirm());
            return Silent;
        }
        PendingGroup().ConfirmCommit(NowSeconds);
        return Silent;
    }

    private string[] Drop(Words words)
    {
        words.End();
        if (_pendingJoin is not null)
        {
            _pendingJoin.Drop();
            _pendingJoin = null;
            return Silent;
        }
        PendingGroup().DropCommit();
        _psks.Owed = _owedBeforeCommit;
        return Silent;
    }

    private string[] Commit(List<Proposal> proposals)
    {
        Group group = CurrentGroup();
        _owedBeforeCommit = _psks.Owed;
        foreach (string id in _psks.Owed)
        {
            proposals.Add(group.ExternalPsk(Convert.FromHexString(id)));
        }
        PendingCommit commit = group.Commit(NowSeconds, new CommitOptions { Proposals = proposals, Message = new MessageOptions { Format = _wire } });
        if (!_hold)
        {
            group.ConfirmCommit(NowSeconds);
        }
        string[] lines = Say("commit", commit.Message.Span);
        return commit.Welcome is null ? lines : [.. lines, .. Say("welcome", commit.Welcome.Value.Span)];
    }

    private Group PendingGroup() =>
        _group?.PendingCommit is null ? throw new RefusedException("NoPendingCommit", "No commit is pending.") : _group;

    private static KeyPackage ReadKeyPackage(Words words) =>
        KeyPackage.TryParse(words.Hex("key package"), out KeyPackage? keyPackage)
            ? keyPackage
            : throw new RefusedException("Malformed", "That is not a key package.");
}
