using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests.Groups;

/// <summary>Proposals and lists of proposals that are not valid (RFC 9420 §12.1, §12.2), made and received.</summary>
public class ProposalRuleTests
{
    private const ProposalType Custom = (ProposalType)0xF0AA;

    private readonly Party _alice = Party.Create("alice");
    private readonly Party _bob = Party.Create("bob");
    private readonly Party _carol = Party.Create("carol");
    private readonly Room _room;

    public ProposalRuleTests() => _room = Room.Of(_alice, _bob, _carol);

    private void CheckList(MlsErrorCode code, params Proposal[] proposals)
    {
        Refused.By(code, () => _alice.Group.Commit(Party.Now, new CommitOptions { Proposals = proposals }));
        Refused.By(code, _bob, new Forge(_alice).Commit(proposals));
    }

    [Fact]
    [Breaks(MlsErrorCode.UpdateByCommitter, MlsErrorCode.RemoveCommitter)]
    public void A_committer_neither_updates_nor_removes_itself()
    {
        CheckList(MlsErrorCode.UpdateByCommitter, new Forge(_alice).Update(static same => same));
        CheckList(MlsErrorCode.RemoveCommitter, Proposal.Remove(0));

        // Its own Update by reference is no better.
        _room.Deliver(_alice, _alice.Group.ProposeUpdate(Party.Now));
        ReadOnlyMemory<byte> reference = _bob.Group.PendingProposals[0].Reference;
        Refused.By(MlsErrorCode.UpdateByCommitter, _bob, new Forge(_alice).Commit([new ProposalOrRef(null, reference)]));
    }

    [Fact]
    [Breaks(MlsErrorCode.RemoveBlank, MlsErrorCode.LeafChangedTwice)]
    public void A_leaf_is_removed_once_and_only_if_there_is_a_member()
    {
        CheckList(MlsErrorCode.RemoveBlank, Proposal.Remove(3));
        CheckList(MlsErrorCode.RemoveBlank, Proposal.Remove(uint.MaxValue));
        Refused.By(MlsErrorCode.RemoveBlank, () => _alice.Group.Propose(Proposal.Remove(7), Party.Now));
        Refused.By(MlsErrorCode.RemoveBlank, _bob, new Forge(_alice).Proposal(Proposal.Remove(7)));
        CheckList(MlsErrorCode.LeafChangedTwice, Proposal.Remove(2), Proposal.Remove(2));
        _room.Deliver(_carol, _carol.Group.ProposeUpdate(Party.Now));
        ReadOnlyMemory<byte> update = _bob.Group.PendingProposals[0].Reference;
        Refused.By(MlsErrorCode.LeafChangedTwice, _bob, new Forge(_alice).Commit([new ProposalOrRef(null, update), new ProposalOrRef(Proposal.Remove(2), default)]));
        Refused.By(MlsErrorCode.LeafChangedTwice, _bob, new Forge(_alice).Commit([new ProposalOrRef(null, update), new ProposalOrRef(null, update)]));
    }

    [Fact]
    [Breaks(MlsErrorCode.AddTwice, MlsErrorCode.AddMember, MlsErrorCode.EncryptionKeyReused, MlsErrorCode.SignatureKeyReused)]
    public void A_client_is_in_a_group_once()
    {
        Party dora = Party.Create("dora");
        CheckList(MlsErrorCode.AddTwice, Proposal.Add(dora.NewKeyPackage()), Proposal.Add(dora.NewKeyPackage()));
        CheckList(MlsErrorCode.AddMember, Proposal.Add(_carol.NewKeyPackage()));
        byte[] same = new Forge(_alice).NewKey();
        Proposal[] twins = [.. new[] { dora, Party.Create("eve") }.Select(party => Proposal.Add(Forge.KeyPackage(party, fields => fields with { EncryptionKey = same })))];
        CheckList(MlsErrorCode.EncryptionKeyReused, twins);
        ReadOnlyMemory<byte> taken = _carol.Group.FindMember(2)!.Value.LeafNode.EncryptionKey;
        CheckList(MlsErrorCode.EncryptionKeyReused, Proposal.Add(Forge.KeyPackage(dora, fields => fields with { EncryptionKey = taken })));

        // A member that updates to the signature key of one who is added.
        _room.Deliver(_carol, _carol.Group.ProposeUpdate(Party.Now, new LeafChanges { Identity = dora.Identity }));
        ReadOnlyMemory<byte> update = _bob.Group.PendingProposals[0].Reference;
        byte[] commit = new Forge(_alice).Commit(
            [new ProposalOrRef(null, update), new ProposalOrRef(Proposal.Add(dora.NewKeyPackage()), default)], new Forge(_alice).Path());
        // The path's shape is looked at first: it has to fit the tree with the newcomer in it.
        Refused.By(() => _bob.Group.Process(commit, Party.Now), MlsErrorCode.PathLength, MlsErrorCode.PathSecretCount, MlsErrorCode.SignatureKeyReused, MlsErrorCode.PathParentHash);
        var options = new CommitOptions { Proposals = [Proposal.Add(dora.NewKeyPackage())] };
        Refused.By(MlsErrorCode.SignatureKeyReused, () => _alice.Group.Commit(Party.Now, options));

        // Who is removed in the same commit may come back.
        _alice.Group.Commit(Party.Now, new CommitOptions { Proposals = [Proposal.Remove(2), Proposal.Add(_carol.NewKeyPackage())], IncludeReceived = false });
    }

    [Fact]
    [Breaks(MlsErrorCode.PskTwice, MlsErrorCode.PskNonce, MlsErrorCode.PskUsage, MlsErrorCode.PskMissing)]
    public void Pre_shared_keys()
    {
        Proposal psk = _alice.Group.ResumptionPsk(1);
        CheckList(MlsErrorCode.PskTwice, psk, psk);
        CheckList(MlsErrorCode.PskNonce, Proposal.PreSharedKey(PreSharedKeyId.External(new byte[3], new byte[31])));
        foreach (ResumptionPskUsage usage in new[] { ResumptionPskUsage.Branch, ResumptionPskUsage.ReInit })
        {
            CheckList(MlsErrorCode.PskUsage, Proposal.PreSharedKey(PreSharedKeyId.Resumption(usage, _alice.Group.GroupId, 1, new byte[32])));
        }
        Refused.By(MlsErrorCode.PskMissing, () => _alice.Group.Commit(Party.Now, new CommitOptions { Proposals = [_alice.Group.ExternalPsk(new byte[3])] }));
        Refused.By(MlsErrorCode.PskMissing, _bob, new Forge(_alice).Commit([_alice.Group.ExternalPsk(new byte[3])]));
        Refused.By(MlsErrorCode.PskMissing, _bob, new Forge(_alice).Commit([_alice.Group.ResumptionPsk(77)]));
    }

    [Fact]
    [Breaks(MlsErrorCode.ReInitVersion, MlsErrorCode.ReInitNotAlone, MlsErrorCode.GroupContextExtensionsTwice, MlsErrorCode.ExternalInitByMember)]
    public void Proposals_that_do_not_stand_together()
    {
        Proposal reInit = Proposal.ReInit(new byte[8], _alice.Group.CipherSuite, []);
        CheckList(MlsErrorCode.ReInitNotAlone, reInit, Proposal.Remove(2));
        CheckList(MlsErrorCode.ReInitVersion, Proposal.ReInit(new byte[8], ProtocolVersion.Reserved, 1, []));
        Proposal extensions = Proposal.GroupContextExtensions([]);
        CheckList(MlsErrorCode.GroupContextExtensionsTwice, extensions, extensions);
        CheckList(MlsErrorCode.ExternalInitByMember, Proposal.ExternalInit(new byte[32]));
        Refused.By(MlsErrorCode.ExternalInitByMember, _bob, new Forge(_alice).Proposal(Proposal.ExternalInit(new byte[32])));
    }

    [Fact]
    [Breaks(MlsErrorCode.ProposalTypeUnsupported)]
    public void A_proposal_of_an_own_type_needs_everyones_support()
    {
        Proposal proposal = Proposal.Custom(Custom, "lights off"u8.ToArray());
        CheckList(MlsErrorCode.ProposalTypeUnsupported, proposal);
        Refused.By(MlsErrorCode.ProposalTypeUnsupported, _bob, new Forge(_alice).Proposal(proposal));

        Party[] knowing = [.. "xy".Select(name => Party.Create(name.ToString(), change: options => options with { Proposals = [Custom] }))];
        Party ignorant = Party.Create("z");
        Room room = Room.Of([.. knowing, ignorant]);

        // Who is removed by the commit need not know it, nor who is added.
        Party newcomer = Party.Create("w");
        KeyPackage keyPackage = newcomer.NewKeyPackage();
        EpochChange change = room.Commit(knowing[0], new CommitOptions { Proposals = [proposal, Proposal.Remove(2), Proposal.Add(keyPackage)] }, newcomer);
        Assert.Equal("lights off"u8, change.Proposals.OfType<CustomProposal>().Single().Content.Span);
        room.AssertAllCanTalk();
    }

    [Fact]
    [Breaks(MlsErrorCode.ProposalSender, MlsErrorCode.ProposalUnknown)]
    public void A_proposal_that_cannot_come_from_there_or_was_never_seen()
    {
        Refused.By(MlsErrorCode.ProposalUnknown, _bob, new Forge(_alice).Commit([new ProposalOrRef(null, new byte[32])]));
        MlsError? error = ProposalRules.Check(
            _bob.Group.State.View(_bob.Client, new Forge(_bob).Crypto, Party.Now, sending: false), Proposal.Remove(1), new Sender(SenderType.NewMemberProposal, 0), false);
        Assert.Same(Rule.ProposalSender, error);
    }

    [Fact]
    public void What_does_not_fit_together_is_chosen_by_rule()
    {
        Party dora = Party.Create("dora");
        _room.Deliver(_carol, _carol.Group.ProposeUpdate(Party.Now));
        _room.Deliver(_carol, _carol.Group.ProposeUpdate(Party.Now));
        ReadOnlyMemory<byte> later = _bob.Group.PendingProposals[1].Reference;
        _room.Deliver(_bob, _bob.Group.Propose(Proposal.ReInit(new byte[8], _bob.Group.CipherSuite, []), Party.Now));
        _room.Deliver(_bob, _bob.Group.Propose(Proposal.Remove(0), Party.Now));
        KeyPackage keyPackage = dora.NewKeyPackage();
        _room.Deliver(_bob, _bob.Group.Propose(Proposal.Add(keyPackage), Party.Now));
        _room.Deliver(_carol, _carol.Group.Propose(Proposal.Add(keyPackage), Party.Now));
        Assert.Equal(6, _alice.Group.PendingProposals.Count);
        EpochChange change = _room.Commit(_alice, null, dora);

        // The later Update, one Add; not the ReInit beside others, not the committer's own removal.
        Assert.Equal(2, change.Proposals.Count);
        Assert.Contains(change.Proposals, proposal => proposal is UpdateProposal update && update.LeafNode.EncryptionKey.Span.SequenceEqual(
            _alice.Group.FindMember(2)!.Value.LeafNode.EncryptionKey.Span));
        Assert.NotEqual(0, later.Length);
        Assert.Empty(_alice.Group.PendingProposals);
        _room.AssertAllCanTalk();
    }

    [Fact]
    [Breaks(MlsErrorCode.ProposalsPending)]
    public void Application_data_waits_until_proposals_are_committed()
    {
        _room.Deliver(_bob, _bob.Group.Propose(Proposal.Remove(2), Party.Now));
        Refused.By(MlsErrorCode.ProposalsPending, () => _alice.Group.Protect("still three"u8));
        Refused.By(MlsErrorCode.ProposalsPending, () => _bob.Group.Protect("still three"u8));
        _room.Commit(_alice);
        _room.AssertAllCanTalk();
    }
}
