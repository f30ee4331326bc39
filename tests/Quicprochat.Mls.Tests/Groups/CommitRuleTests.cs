using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests.Groups;

/// <summary>Commits whose path or tag is wrong (RFC 9420 §7.5, §7.6, §12.4).</summary>
public class CommitRuleTests
{
    private readonly Party _alice = Party.Create("alice");
    private readonly Party _bob = Party.Create("bob");
    private readonly Party _carol = Party.Create("carol");
    private readonly Room _room;
    private readonly Forge _forge;

    public CommitRuleTests()
    {
        _room = Room.Of(_alice, _bob, _carol);
        _room.Commit(_carol);
        _forge = new Forge(_alice);
    }

    private byte[] WithPath(UpdatePath path) => _forge.Commit(Array.Empty<Proposal>(), path);

    [Fact]
    [Breaks(MlsErrorCode.PathMissing)]
    public void A_commit_that_needs_a_path_has_one()
    {
        Refused.By(MlsErrorCode.PathMissing, _bob, _forge.Commit(Array.Empty<Proposal>()));
        Refused.By(MlsErrorCode.PathMissing, _bob, _forge.Commit([Proposal.Remove(2)]));
        Refused.By(MlsErrorCode.PathMissing, _bob, _forge.Commit([Proposal.GroupContextExtensions([])]));
        _room.Deliver(_carol, _carol.Group.ProposeUpdate(Party.Now));
        Refused.By(MlsErrorCode.PathMissing, _bob, _forge.Commit([new ProposalOrRef(null, _bob.Group.PendingProposals[0].Reference)]));
    }

    [Fact]
    [Breaks(MlsErrorCode.PathLength, MlsErrorCode.PathSecretCount)]
    public void A_path_has_the_shape_of_the_tree()
    {
        Refused.By(MlsErrorCode.PathLength, _bob, WithPath(_forge.Path(nodes: nodes => nodes[..^1])));
        Refused.By(MlsErrorCode.PathLength, _bob, WithPath(_forge.Path(nodes: nodes => [.. nodes, nodes[0]])));
        Refused.By(MlsErrorCode.PathSecretCount, _bob, WithPath(_forge.Path(nodes: nodes => [new UpdatePathNode(nodes[0].EncryptionKey, []), .. nodes[1..]])));
        Refused.By(MlsErrorCode.PathSecretCount, _bob, WithPath(_forge.Path(
            nodes: nodes => [new UpdatePathNode(nodes[0].EncryptionKey, [.. nodes[0].EncryptedPathSecrets, nodes[0].EncryptedPathSecrets[0]]), .. nodes[1..]])));
    }

    [Fact]
    [Breaks(MlsErrorCode.PathKeyReused, MlsErrorCode.PathParentHash)]
    public void A_path_brings_new_keys_and_a_leaf_that_fits_it()
    {
        ReadOnlyMemory<byte> taken = _carol.Group.FindMember(2)!.Value.LeafNode.EncryptionKey;
        Refused.By(MlsErrorCode.PathKeyReused, _bob, WithPath(_forge.Path(keys: keys => keys[^1] = taken)));
        Refused.By(MlsErrorCode.PathKeyReused, _bob, WithPath(_forge.Path(leaf: fields => fields with { EncryptionKey = taken })));
        Refused.By(MlsErrorCode.PathParentHash, _bob, WithPath(_forge.Path(leaf: fields => fields with { ParentHash = new byte[32] })));
        Refused.By(MlsErrorCode.PathParentHash, _bob, WithPath(_forge.Path(leaf: fields => fields with { ParentHash = default })));
        Refused.By(MlsErrorCode.EncryptionKeyUnchanged, _bob, WithPath(_forge.Path(
            leaf: fields => fields with { EncryptionKey = _alice.Group.FindMember(0)!.Value.LeafNode.EncryptionKey })));
        Refused.By(MlsErrorCode.LeafSource, _bob, WithPath(_forge.Path(leaf: fields => fields with { Source = LeafNodeSource.Update })));
        Refused.By(MlsErrorCode.PublicKeyInvalid, _bob, WithPath(_forge.Path(keys: keys => keys[0] = new byte[7])));
    }

    [Fact]
    [Breaks(MlsErrorCode.PathSecret, MlsErrorCode.PathKeyMismatch)]
    public void A_path_secret_is_for_the_receiver_and_yields_the_path()
    {
        Refused.By(MlsErrorCode.PathSecret, _bob, WithPath(_forge.Path(nodes: nodes => [.. nodes.Select(node =>
            new UpdatePathNode(node.EncryptionKey, [.. node.EncryptedPathSecrets.Select(Damage)]))])));
        Refused.By(MlsErrorCode.PathSecret, _bob, WithPath(_forge.Path(nodes: nodes => [.. nodes.Select(node =>
            new UpdatePathNode(node.EncryptionKey, [.. node.EncryptedPathSecrets.Select(secret => new HpkeCiphertext(secret.KemOutput[..^1], secret.Ciphertext))]))])));
        Refused.By(MlsErrorCode.PathSecret, _bob, WithPath(_forge.Path(nodes: nodes => [.. nodes.Select(node =>
            new UpdatePathNode(node.EncryptionKey, [.. node.EncryptedPathSecrets.Select(secret => new HpkeCiphertext(secret.KemOutput, secret.Ciphertext[..15]))]))])));
        Refused.By(MlsErrorCode.PathKeyMismatch, _bob, WithPath(_forge.Path(keys: keys => keys[^1] = _forge.NewKey())));
    }

    [Fact]
    [Breaks(MlsErrorCode.ConfirmationTag)]
    public void A_commit_is_confirmed_by_its_tag()
    {
        Refused.By(MlsErrorCode.ConfirmationTag, _bob, WithPath(_forge.Path()));
        Refused.By(MlsErrorCode.ConfirmationTag, _bob, _forge.Commit([_alice.Group.ResumptionPsk(1)]));
    }

    [Fact]
    [Breaks(MlsErrorCode.CommitPending, MlsErrorCode.CommitStale, MlsErrorCode.CommitOfOtherSelf)]
    public void Commits_have_their_order()
    {
        byte[] lost = _alice.Group.Commit(Party.Now, new CommitOptions { Message = new MessageOptions { Format = WireFormat.PublicMessage } }).Message.ToArray();
        Refused.By(MlsErrorCode.CommitPending, () => _alice.Group.Commit(Party.Now));
        _alice.Group.DropCommit();
        Refused.By(MlsErrorCode.CommitOfOtherSelf, _alice, lost);
        byte[] hidden = _alice.Group.Commit(Party.Now).Message.ToArray();
        _alice.Group.DropCommit();
        Refused.By(MlsErrorCode.CommitOfOtherSelf, _alice, hidden);

        byte[] first = _carol.Group.Commit(Party.Now).Message.ToArray();
        StagedCommit staged = _bob.Group.Stage(first, Party.Now);
        StagedCommit late = _bob.Group.Stage(hidden, Party.Now);
        Assert.Equal(2u, staged.Change.CommitterLeaf);
        _bob.Group.Merge(staged, Party.Now);
        Refused.By(MlsErrorCode.CommitStale, () => _bob.Group.Merge(late, Party.Now));
        Assert.Throws<InvalidOperationException>(() => _bob.Group.ConfirmCommit(Party.Now));
    }

    [Fact]
    [Breaks(MlsErrorCode.GroupReInitialized, MlsErrorCode.NotMember)]
    public void A_group_that_is_over_is_over()
    {
        byte[] late = _alice.Group.Protect("late"u8);
        _room.Commit(_alice, new CommitOptions { Proposals = [Proposal.Remove(2)] });
        Refused.By(MlsErrorCode.NotMember, () => _carol.Group.Process(late, Party.Now));
        _room.Commit(_alice, new CommitOptions { Proposals = [Proposal.ReInit(new byte[8], _alice.Group.CipherSuite, [])] });
        Refused.By(MlsErrorCode.GroupReInitialized, () => _bob.Group.Commit(Party.Now));
        Refused.By(MlsErrorCode.GroupReInitialized, () => _bob.Group.Propose(Proposal.Remove(0), Party.Now));
        Refused.By(MlsErrorCode.GroupReInitialized, () => _bob.Group.CreateGroupInfo());
    }

    [Fact]
    [Breaks(MlsErrorCode.ExternalCommitProposals, MlsErrorCode.ExternalCommitInit, MlsErrorCode.ExternalCommitReference)]
    public void An_external_commit_covers_only_what_it_may()
    {
        Party dora = Party.Create("dora");
        var joiner = new Sender(SenderType.NewMemberCommit, 0);

        // The leaf in the path is signed for the place the joiner would get; the list is looked at before that.
        UpdatePath path = _forge.Path(leaf: fields => fields with { SignatureKey = _alice.Identity.SignatureKey });
        byte[] External(params ProposalOrRef[] proposals) => _forge.Message(ContentType.Commit, Forge.Body(proposals, path), joiner);
        ProposalOrRef ByValue(Proposal proposal) => new(proposal, default);
        ProposalOrRef init = ByValue(Proposal.ExternalInit(new byte[32]));
        Refused.By(MlsErrorCode.ExternalCommitInit, _bob, External());
        Refused.By(MlsErrorCode.ExternalCommitInit, _bob, External(init, init));
        Refused.By(MlsErrorCode.ExternalCommitProposals, _bob, External(init, ByValue(Proposal.Add(dora.NewKeyPackage()))));
        Refused.By(MlsErrorCode.ExternalCommitProposals, _bob, External(init, ByValue(Proposal.Remove(0)), ByValue(Proposal.Remove(2))));
        Refused.By(MlsErrorCode.RemoveBlank, _bob, External(init, ByValue(Proposal.Remove(9))));
        _room.Deliver(_carol, _carol.Group.Propose(Proposal.Remove(0), Party.Now));
        Refused.By(MlsErrorCode.ExternalCommitReference, _bob, External(init, new ProposalOrRef(null, _bob.Group.PendingProposals[0].Reference)));
    }

    private static HpkeCiphertext Damage(HpkeCiphertext secret)
    {
        byte[] ciphertext = secret.Ciphertext.ToArray();
        ciphertext[0] ^= 1;
        return new HpkeCiphertext(secret.KemOutput, ciphertext);
    }
}
