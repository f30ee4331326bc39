using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests.Groups;

public class JoiningTests
{
    [Fact]
    public void A_tree_may_come_by_another_way()
    {
        Party alice = Party.Create("alice");
        Party bob = Party.Create("bob");
        Room.Of(alice);
        PendingCommit pending = alice.Group.Commit(Party.Now, new CommitOptions { Proposals = [Proposal.Add(bob.NewKeyPackage())], TreeInWelcome = false });
        alice.Group.ConfirmCommit(Party.Now);
        Assert.Equal(MlsErrorCode.TreeMissing, Assert.Throws<MlsException>(() => Group.Join(bob.Client, pending.Welcome!.Value.Span, Party.Now)).Code);
        var options = new JoinOptions { RatchetTree = alice.Group.ExportRatchetTree() };
        bob.Group = Group.Join(bob.Client, pending.Welcome!.Value.Span, Party.Now, options);
        Assert.Equal(alice.Group.EpochAuthenticator, bob.Group.EpochAuthenticator);
    }

    [Fact]
    public void Someone_joins_by_an_external_commit_and_the_members_follow()
    {
        Room room = Room.Of("alice", "bob", "carol");
        Party dora = Party.Create("dora");
        JoinExternally(room, dora, room[1].Group.CreateGroupInfo());
        room.AssertAllCanTalk();
        room.Commit(dora);
        room.Commit(room[0]);
        room.AssertAllCanTalk();
    }

    [Fact]
    public void Someone_whose_state_is_lost_replaces_their_old_self()
    {
        Room room = Room.Of("alice", "bob", "carol");
        Party old = room[1];
        Party fresh = Party.Create("bob");
        JoinExternally(room, fresh, room[0].Group.CreateGroupInfo(), new ExternalJoinOptions { Resync = 1 });
        Assert.Equal(GroupStatus.Removed, old.Group.Status);
        Assert.Equal(1u, fresh.Group.OwnLeafIndex);
        Assert.Contains(room[0].Trust.Asked, check => check.Place == CredentialPlace.CommitPath && check.Replaced is not null);
        room.AssertAllCanTalk();
    }

    [Fact]
    public void Someone_may_replace_their_old_self_while_they_still_hold_it()
    {
        Room room = Room.Of("alice", "bob", "carol");
        Party bob = room[1];
        byte[] info = room[0].Group.CreateGroupInfo();
        Refused.By(MlsErrorCode.GroupIdInUse, () => Group.JoinExternally(bob.Client, bob.Identity, info, Party.Now));
        byte[] oldKey = bob.Group.State.PrivateKeys.At(0)!.Span.ToArray();
        PendingJoin pending = Group.JoinExternally(bob.Client, bob.Identity, info, Party.Now, new ExternalJoinOptions { Resync = 1 });
        Assert.Equal(bob.Group.Epoch, bob.Reload().Epoch);
        room.Deliver(bob, pending.Message);
        bob.Group = pending.Confirm();
        Assert.False(bob.Store.Holds(oldKey));
        room.AssertAgreed();
        room.AssertAllCanTalk();
    }

    [Fact]
    public void An_external_join_survives_a_restart_and_can_be_dropped()
    {
        Room room = Room.Of("alice", "bob");
        Party dora = Party.Create("dora");
        PendingJoin dropped = Group.JoinExternally(dora.Client, dora.Identity, room[0].Group.CreateGroupInfo(), Party.Now);
        dropped.Drop();
        Assert.Empty(dora.Store.ReadRange(default));
        Assert.Throws<InvalidOperationException>(() => dropped.Confirm());

        PendingJoin made = Group.JoinExternally(dora.Client, dora.Identity, room[0].Group.CreateGroupInfo(), Party.Now);
        Assert.Null(Group.TryLoad(dora.Client, room[0].Group.GroupId.Span));
        room.Deliver(dora, made.Message);
        PendingJoin again = Group.TryLoadJoin(dora.Client, room[0].Group.GroupId.Span)!;
        Assert.Equal(made.Message.ToArray(), again.Message.ToArray());
        dora.Group = again.Confirm();
        Assert.Equal(room[0].Group.EpochAuthenticator, dora.Group.EpochAuthenticator);
        Assert.Null(Group.TryLoadJoin(dora.Client, room[0].Group.GroupId.Span));
    }

    [Fact]
    public void A_new_member_may_propose_itself()
    {
        Room room = Room.Of("alice", "bob");
        Party dora = Party.Create("dora");
        byte[] proposal = Group.ProposeToJoin(dora.Client, dora.NewKeyPackage(), room[0].Group.GroupId, room[0].Group.Epoch);
        foreach (Received received in room.Deliver(dora, proposal))
        {
            Assert.Equal(SenderType.NewMemberProposal, Assert.IsType<ReceivedProposal>(received).Sender.Type);
        }
        room.Commit(room[1], null, dora);
        room.AssertAllCanTalk();
    }

    [Fact]
    public void An_external_sender_may_propose_what_it_is_allowed_to()
    {
        Party server = Party.Create("server");
        var sender = new ExternalSender(server.Identity.SignatureKey, server.Identity.Credential);
        Party alice = Party.Create("alice");
        Party bob = Party.Create("bob");
        Party carol = Party.Create("carol");
        Room room = Room.Of(new GroupOptions { Extensions = [ExternalSender.ToExtension(sender)] }, alice, bob, carol);
        Assert.Contains(alice.Trust.Asked, check => check.Place == CredentialPlace.ExternalSender);
        Assert.Contains(bob.Trust.Asked, check => check.Place == CredentialPlace.ExternalSender);
        (ReadOnlyMemory<byte>, ulong) group = (alice.Group.GroupId, alice.Group.Epoch);
        room.Deliver(server, Group.ProposeFromOutside(server.Client, server.Identity, 0, group, Proposal.Remove(carol.Group.OwnLeafIndex)));
        room.Commit(bob);
        Assert.Equal(2, room.Members.Count);

        group = (alice.Group.GroupId, alice.Group.Epoch);
        byte[] forbidden = Group.ProposeFromOutside(server.Client, server.Identity, 0, group, Proposal.ExternalInit(new byte[32]));
        Assert.Equal(MlsErrorCode.ExternalProposalType, Assert.Throws<MlsException>(() => alice.Group.Process(forbidden, Party.Now)).Code);
        byte[] unknown = Group.ProposeFromOutside(server.Client, server.Identity, 1, group, Proposal.Remove(1));
        Assert.Equal(MlsErrorCode.ExternalSenderUnknown, Assert.Throws<MlsException>(() => alice.Group.Process(unknown, Party.Now)).Code);
        byte[] forged = Group.ProposeFromOutside(carol.Client, carol.Identity, 0, group, Proposal.Remove(1));
        Assert.Equal(MlsErrorCode.MessageSignature, Assert.Throws<MlsException>(() => alice.Group.Process(forged, Party.Now)).Code);
    }

    [Fact]
    public void A_last_resort_key_package_is_good_twice_and_another_once()
    {
        Party bob = Party.Create("bob");
        KeyPackage lastResort = bob.NewKeyPackage(new KeyPackageOptions { LastResort = true });
        KeyPackage single = bob.NewKeyPackage();
        Assert.True(lastResort.IsLastResort);
        Assert.False(single.IsLastResort);
        byte[] first = WelcomeFor("alice", lastResort);
        byte[] second = WelcomeFor("carol", lastResort);
        Assert.NotNull(Group.Join(bob.Client, first, Party.Now));
        Assert.NotNull(Group.Join(bob.Client, second, Party.Now));

        Assert.NotNull(Group.Join(bob.Client, WelcomeFor("dora", single), Party.Now));
        byte[] late = WelcomeFor("eve", single);
        Assert.Equal(MlsErrorCode.WelcomeNotForUs, Assert.Throws<MlsException>(() => Group.Join(bob.Client, late, Party.Now)).Code);
        bob.Client.ForgetKeyPackage(lastResort);
        late = WelcomeFor("fay", lastResort);
        Assert.Equal(MlsErrorCode.WelcomeNotForUs, Assert.Throws<MlsException>(() => Group.Join(bob.Client, late, Party.Now)).Code);
    }

    [Fact]
    public void External_and_resumption_keys_are_mixed_in()
    {
        var psks = new ExternalPsks();
        psks.Keys.Add(Convert.ToHexString("shared"u8), [1, 2, 3, 4]);
        Party alice = Party.Create("alice", change: options => options with { Psks = psks });
        Party bob = Party.Create("bob", change: options => options with { Psks = psks });
        Party carol = Party.Create("carol", change: options => options with { Psks = psks });
        Room room = Room.Of(alice, bob);
        room.Commit(bob, new CommitOptions { Proposals = [bob.Group.ExternalPsk("shared"u8.ToArray())] });
        room.Commit(alice, new CommitOptions { Proposals = [alice.Group.ResumptionPsk(1), alice.Group.ResumptionPsk(2)] });
        KeyPackage keyPackage = carol.NewKeyPackage();
        room.Commit(alice, new CommitOptions { Proposals = [Proposal.Add(keyPackage), alice.Group.ExternalPsk("shared"u8.ToArray())] }, carol);
        room.AssertAllCanTalk();

        // Who does not have the key cannot follow, and says so.
        Party dora = Party.Create("dora");
        room.Add(alice, dora);
        byte[] commit = alice.Group.Commit(Party.Now, new CommitOptions { Proposals = [alice.Group.ExternalPsk("shared"u8.ToArray())] }).Message.ToArray();
        Assert.Equal(MlsErrorCode.PskMissing, Assert.Throws<MlsException>(() => dora.Group.Process(commit, Party.Now)).Code);
    }

    [Fact]
    public void A_subgroup_branches_off()
    {
        Room room = Room.Of("alice", "bob", "carol");
        Party bob = room[1];
        Group branch = room[0].Group.Branch([bob.NewKeyPackage()], Party.Now);
        PendingCommit pending = branch.PendingCommit!;
        branch.ConfirmCommit(Party.Now);
        Group joined = Group.Join(bob.Client, pending.Welcome!.Value.Span, Party.Now, new JoinOptions { Origin = bob.Group });
        Assert.Equal(branch.EpochAuthenticator, joined.EpochAuthenticator);
        Assert.Equal(1ul, joined.Epoch);
        room.AssertAllCanTalk();

        // Someone who is not a member of the origin cannot be in it.
        KeyPackage stranger = Party.Create("mallory").NewKeyPackage();
        Assert.Equal(MlsErrorCode.BranchMembers, Assert.Throws<MlsException>(() => room[0].Group.Branch([stranger], Party.Now)).Code);
    }

    [Fact]
    public void A_group_is_reinitialized_with_another_cipher_suite()
    {
        Room room = Room.Of("alice", "bob", "carol");
        CipherSuite next = CipherSuite.MlKem768X25519Aes256GcmSha384Ed25519;
        room.Commit(room[1], new CommitOptions { Proposals = [Proposal.ReInit("next"u8.ToArray(), next, [])] });
        foreach (Party party in room.Members)
        {
            Assert.Equal(GroupStatus.ReInitialized, party.Group.Status);
            Assert.Equal(MlsErrorCode.GroupReInitialized, Assert.Throws<MlsException>(() => party.Group.Protect("late"u8)).Code);
        }
        Party[] others = [room[0], room[2]];
        SigningIdentity[] identities = [.. others.Select(party => party.Client.CreateIdentity(Credential.Basic(party.Name), next))];
        KeyPackage[] keyPackages = [.. others.Zip(identities, (party, identity) => party.Client.CreateKeyPackage(identity, Party.Now))];
        SigningIdentity own = room[1].Client.CreateIdentity(Credential.Basic("bob"), next);
        Assert.Equal(
            MlsErrorCode.ReInitMembers, Assert.Throws<MlsException>(() => room[1].Group.StartReInitialized(keyPackages[..1], Party.Now, own)).Code);
        Group started = room[1].Group.StartReInitialized(keyPackages, Party.Now, own);
        byte[] welcome = started.PendingCommit!.Welcome!.Value.ToArray();
        started.ConfirmCommit(Party.Now);
        foreach (Party party in others)
        {
            // The old group is found in the store.
            Group joined = Group.Join(party.Client, welcome, Party.Now);
            Assert.Equal(started.EpochAuthenticator, joined.EpochAuthenticator);
            Assert.Equal("next"u8, joined.GroupId.Span);
            Assert.Equal(next, joined.CipherSuite);
        }
    }

    [Fact]
    public void A_credential_can_change_and_its_successor_is_judged()
    {
        Room room = Room.Of("alice", "bob");
        Party bob = room[1];
        SigningIdentity renamed = bob.Client.CreateIdentity(Credential.Basic("bob, PhD"), bob.Identity.CipherSuite);
        room.Commit(bob, new CommitOptions { Leaf = new LeafChanges { Identity = renamed } });
        CredentialCheck check = room[0].Trust.Asked[^1];
        Assert.Equal(CredentialPlace.CommitPath, check.Place);
        Assert.Equal("bob"u8, check.Replaced!.Credential.Identity.Span);
        Assert.Equal("bob, PhD"u8, check.Credential.Identity.Span);
        room.AssertAllCanTalk();

        SigningIdentity again = bob.Client.CreateIdentity(Credential.Basic("bob, professor"), bob.Identity.CipherSuite);
        room.Deliver(bob, bob.Group.ProposeUpdate(Party.Now, new LeafChanges { Identity = again }));
        Assert.Equal(CredentialPlace.UpdateProposal, room[0].Trust.Asked[^1].Place);
        room.Commit(room[0]);
        Assert.Equal("bob, professor"u8, room[0].Group.FindMember(1)!.Value.Credential.Identity.Span);
        room.AssertAllCanTalk();
        room.Commit(bob);
        room.AssertAllCanTalk();
    }

    private static byte[] WelcomeFor(string creator, KeyPackage keyPackage)
    {
        Party party = Party.Create(creator);
        Room.Of(party);
        PendingCommit pending = party.Group.Add([keyPackage], Party.Now);
        party.Group.ConfirmCommit(Party.Now);
        return pending.Welcome!.Value.ToArray();
    }

    private static void JoinExternally(Room room, Party joiner, byte[] groupInfo, ExternalJoinOptions? options = null)
    {
        PendingJoin pending = Group.JoinExternally(joiner.Client, joiner.Identity, groupInfo, Party.Now, options);
        foreach (Received received in room.Deliver(joiner, pending.Message))
        {
            Assert.IsType<ReceivedCommit>(received);
        }
        joiner.Group = pending.Confirm();
        room.Welcome(joiner);
        room.AssertAgreed();
    }
}
