using System.Buffers.Binary;
using System.Text;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests.RandomGroups;

/// <summary>What is done: each method is one act.</summary>
internal sealed partial class RandomGroup
{
    private void Create()
    {
        _told.Add("create");
        Device creator = NewDevice();
        creator.Group = Group.Create(creator.Client, creator.Identity, _now);
        _members.Add(creator);
        Told(creator);
    }

    private void AddByValue()
    {
        List<Device> joiners = NewDevices(1 + _random.Next(5));
        Device committer = AnyPresentMember();
        Commit(committer, [.. joiners.Select(joiner => Proposal.Add(NewKeyPackage(joiner)))]);
        Publish(committer, joiners);
    }

    private void UpdateByCommit()
    {
        Device committer = AnyPresentMember();
        Commit(committer, []);
        Publish(committer);
    }

    private void RemoveByValue()
    {
        Device committer = AnyPresentMember();
        List<Device> leaving = Some(_members.Where(member => member != committer), 1 + _random.Next(3));
        leaving.ForEach(CatchUp);
        Commit(committer, [.. leaving.Select(static device => Proposal.Remove(device.Group.OwnLeafIndex))]);
        Publish(committer);
    }

    /// <summary>Several members ask for things, one of them commits what was asked, and what it wants itself besides.</summary>
    private void ProposeAndCommit()
    {
        _members.ForEach(CatchUp);
        Device committer = Any(_members);
        var joiners = new List<Device>();
        foreach (Device proposer in Some(_members, 1 + _random.Next(4)))
        {
            byte[]? proposal = ProposeSomething(proposer, committer, joiners);
            if (proposal is not null)
            {
                Spread(proposer, proposal);
            }
        }
        List<Device> moreJoiners = OneIn(3) ? NewDevices(1) : [];
        Commit(committer, [.. moreJoiners.Select(joiner => Proposal.Add(NewKeyPackage(joiner)))]);
        Publish(committer, [.. joiners, .. moreJoiners]);
    }

    private byte[]? ProposeSomething(Device proposer, Device committer, List<Device> joiners)
    {
        switch (_random.Next(6))
        {
            case 0 when NewDevices(1) is [var joiner]:
                joiners.Add(joiner);
                var add = Proposal.Add(NewKeyPackage(joiner));
                return Propose(proposer, _ => add);
            case 1 when proposer != committer:
                return Propose(proposer, group => Proposal.Remove(group.OwnLeafIndex));
            case 2:
                byte[] id = RandomBytes(8);
                _psks.Put(id, RandomBytes(32));
                return Propose(proposer, group => group.ExternalPsk(id));
            case 3 when Some(_members.Where(member => member != committer && member != proposer), 1) is [var other]:
                return Propose(proposer, _ => Proposal.Remove(other.Group.OwnLeafIndex));
            default:
                return proposer == committer ? null : Call(proposer, group => group.ProposeUpdate(_now, options: AnyFormat()));
        }
    }

    private byte[] Propose(Device proposer, Func<Group, Proposal> proposal) => Call(proposer, group => group.Propose(proposal(group), _now, AnyFormat()));

    /// <summary>Someone new joins by a GroupInfo; sometimes a commit is faster, and the join is made again.</summary>
    private void JoinExternally()
    {
        if (NewDevices(1) is not [var joiner])
        {
            return;
        }
        Device witness = AnyPresentMember();
        if (OneIn(4))
        {
            Group.JoinExternally(joiner.Client, joiner.Identity, witness.Group.CreateGroupInfo(), _now).Drop();
            UpdateByCommit();
            CatchUp(witness = Any(_members));
        }
        Enter(joiner, Group.JoinExternally(joiner.Client, joiner.Identity, witness.Group.CreateGroupInfo(), _now));
    }

    /// <summary>A device loses its group, and joins again in place of what is left of it.</summary>
    private void Resync()
    {
        if (_members.Count < 2)
        {
            return;
        }
        Device lost = AnyPresentMember();
        Device witness = _members.First(member => member != lost);
        CatchUp(witness);
        uint leaf = witness.Group.Members.Single(member => member.Credential.Identity.Span.SequenceEqual(Encoding.UTF8.GetBytes(lost.Name))).LeafIndex;
        _members.Remove(lost);
        var again = new Device(lost.Name, _suite, _dice, _psks);
        Enter(again, Group.JoinExternally(again.Client, again.Identity, witness.Group.CreateGroupInfo(), _now, new ExternalJoinOptions { Resync = leaf }));
    }

    private void Enter(Device joiner, PendingJoin join)
    {
        joiner.Group = join.Confirm();
        Told(joiner);
        foreach (Device member in _members)
        {
            member.Parcels.Add(new Parcel(join.Message.ToArray(), joiner.Group.Epoch - 1, IsCommit: true));
            CatchUp(member);
        }
        _members.Add(joiner);
        AssertThoseWhoLeftCannotFollow(join.Message.Span);
    }

    private void MixInPreSharedKeys()
    {
        Device committer = AnyPresentMember();
        byte[] id = RandomBytes(16);
        _psks.Put(id, RandomBytes(32));
        var proposals = new List<Proposal> { committer.Group.ExternalPsk(id) };
        if (OneIn(3) && _members.All(member => member.Group.Epoch == committer.Group.Epoch))
        {
            proposals.Add(committer.Group.ResumptionPsk(committer.Group.Epoch));
        }
        List<Device> joiners = proposals.Count == 1 ? NewDevices(_random.Next(2)) : [];
        Commit(committer, [.. proposals, .. joiners.Select(joiner => Proposal.Add(NewKeyPackage(joiner)))]);
        Publish(committer, joiners);
    }

    private void ChangeExtensions()
    {
        Device committer = AnyPresentMember();
        var content = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(content, _random.Next());
        Extension[] extensions = OneIn(4) ? [] : [new Extension(Device.OwnExtension, content)];
        Commit(committer, [Proposal.GroupContextExtensions(extensions)]);
        Publish(committer);
    }

    /// <summary>Two commit to the same epoch: the delivery service takes the first, and the other drops its own when it hears of it.</summary>
    private void Race()
    {
        if (_members.Count < 2)
        {
            return;
        }
        _members.ForEach(CatchUp);
        if (Some(_members, 2) is not [var winner, var loser])
        {
            return;
        }
        Commit(winner, []);
        Commit(loser, []);
        byte[] lost = loser.Group.PendingCommit!.Message.ToArray();
        if (OneIn(3))
        {
            loser.Restart();
            Assert.NotNull(loser.Group.PendingCommit);
        }
        Publish(winner);
        CatchUp(loser);
        Assert.Null(loser.Group.PendingCommit);
        AssertUnmoved(winner, group => group.Process(lost, _now));
    }

    private void ChangeIdentity()
    {
        Device committer = AnyPresentMember();
        SigningIdentity next = committer.Client.CreateIdentity(Credential.Basic(committer.Name), _suite);
        Call(committer, group => group.Commit(_now, new CommitOptions { Leaf = new LeafChanges { Identity = next }, Message = AnyFormat() }));
        committer.Identity = next;
        Publish(committer);
    }

    /// <summary>Someone outside proposes to be added, and a member agrees.</summary>
    private void AskToJoin()
    {
        if (NewDevices(1) is not [var joiner])
        {
            return;
        }
        _members.ForEach(CatchUp);
        Device committer = Any(_members);
        byte[] proposal = Group.ProposeToJoin(joiner.Client, NewKeyPackage(joiner), committer.Group.GroupId, committer.Group.Epoch);
        foreach (Device member in _members)
        {
            member.Parcels.Add(new Parcel(proposal, committer.Group.Epoch, IsCommit: false));
            CatchUp(member);
        }
        Commit(committer, []);
        Publish(committer, joiner);
    }

    private void Chat()
    {
        for (int i = _random.Next(1, 6); i > 0; i--)
        {
            Post(AnyPresentMember());
        }
        foreach (Device member in Some(_members, 1 + (_members.Count / 2)))
        {
            ReadLetters(member, _random.Next(6));
        }
    }

    private void RestartSome()
    {
        foreach (Device member in Some(_members, 3))
        {
            string before = member.Authenticator;
            byte[] tree = member.Group.ExportRatchetTree();
            member.Restart();
            Assert.Equal(before, member.Authenticator);
            Assert.Equal(tree, member.Group.ExportRatchetTree());
        }
    }

    /// <summary>A process dies right after its store has kept what a call changed: nobody hears of the result, yet the group goes on.</summary>
    private void Crash()
    {
        Device device = AnyPresentMember();
        switch (_random.Next(4))
        {
            case 0:
                Die(device, group => group.Protect("nobody hears this"u8));
                Assert.Null(device.Group.PendingCommit);
                break;
            case 1:
                Die(device, group => group.Commit(_now, new CommitOptions { Message = AnyFormat() }));
                Assert.NotNull(device.Group.PendingCommit);
                AgreeOrDrop(device);
                break;
            case 2:
                Commit(device, []);
                PendingCommit pending = device.Group.PendingCommit!;
                Die(device, group => group.ConfirmCommit(_now));
                Assert.Null(device.Group.PendingCommit);
                Told(device);
                _members.Where(member => member != device).ToList().ForEach(member => member.Parcels.Add(new Parcel(pending.Message.ToArray(), pending.Epoch, IsCommit: true)));
                ShowOut(device);
                break;
            case 3 when Some(_members.Where(member => member != device), 1) is [var committer]:
                CatchUp(committer);
                Commit(committer, []);
                byte[] commit = committer.Group.PendingCommit!.Message.ToArray();
                Call(committer, group => group.ConfirmCommit(_now));
                Told(committer);
                _members.Where(member => member != committer && member != device).ToList().ForEach(member => member.Parcels.Add(new Parcel(commit, committer.Group.Epoch - 1, IsCommit: true)));
                Die(device, group => group.Process(commit, _now));
                AssertAgrees(device);
                Assert.Equal(committer.Group.Epoch, device.Group.Epoch);
                AssertUnmoved(device, group => group.Process(commit, _now));
                ShowOut(committer);
                break;
        }
    }

    private void AgreeOrDrop(Device device)
    {
        if (OneIn(2))
        {
            Publish(device);
        }
        else
        {
            Call(device, static group => { group.DropCommit(); return 0; });
            Assert.Null(device.Group.PendingCommit);
        }
    }

    private static void Die(Device device, Action<Group> call)
    {
        device.Store.CutAfterNextWrite();
        Assert.Throws<StoreCutException>(() => call(device.Group));
        device.Restart();
    }

    private void Commit(Device committer, IReadOnlyList<Proposal> proposals)
    {
        // A commit that changes nothing needs a path; another may do without.
        bool alwaysPath = proposals.Count == 0 || !OneIn(3);
        Call(committer, group => group.Commit(_now, new CommitOptions { Proposals = proposals, AlwaysPath = alwaysPath, Message = AnyFormat() }));
    }

    private MessageOptions AnyFormat() => new() { Format = OneIn(2) ? WireFormat.PublicMessage : WireFormat.PrivateMessage };
}
