using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Tests.Storage;

/// <summary>What users of other MLS libraries suffer from, one test or more for each point.</summary>
public class PainPointTests
{
    [Fact]
    public void Point_1_memory_is_never_ahead_of_the_store_and_messages_are_stored_with_the_state()
    {
        Room room = Room.Of("alice", "bob");
        (Party alice, Party bob) = (room[0], room[1]);
        byte[] fromBob = bob.Group.Protect("one"u8);
        byte[] proposal = bob.Group.Propose(Proposal.Add(Party.Create("dora").NewKeyPackage()), Party.Now);
        byte[] expected = alice.Group.EpochAuthenticator;
        Action[] acts =
        [
            () => alice.Group.Protect("x"u8),
            () => alice.Group.ProposeUpdate(Party.Now),
            () => alice.Group.Commit(Party.Now),
            () => alice.Group.Process(fromBob, Party.Now),
            () => alice.Group.Process(proposal, Party.Now),
            () => alice.Group.Process(bob.Group.Commit(Party.Now, new CommitOptions { IncludeReceived = false }).Message.Span, Party.Now),
        ];
        foreach (Action act in acts)
        {
            alice.Store.Refuses = true;
            Assert.Throws<IOException>(act);
            alice.Store.Refuses = false;
            bob.Group.DropCommit();
            Assert.Null(alice.Group.PendingCommit);
            Assert.Empty(alice.Group.PendingProposals);
            Assert.Equal(expected, alice.Group.EpochAuthenticator);
        }

        // Everything works as if nothing had been tried; the message is in the transaction that used its key up.
        Assert.IsType<ReceivedApplication>(alice.Group.Process(fromBob, Party.Now));
        Assert.IsType<ReceivedApplication>(alice.Store.Last.Received);
        byte[] said = alice.Group.Protect("y"u8);
        Assert.Equal(said, alice.Store.Last.Outgoing.Single().ToArray());
        Assert.NotEmpty(alice.Store.Last.Records);
        Assert.IsType<ReceivedApplication>(bob.Group.Process(said, Party.Now));
        Assert.IsType<ReceivedProposal>(alice.Group.Process(proposal, Party.Now));
        PendingCommit pending = alice.Group.Commit(Party.Now);
        Assert.Equal(pending.Message.ToArray(), alice.Store.Last.Outgoing.Single().ToArray());
        alice.Store.Refuses = true;
        Assert.Throws<IOException>(() => alice.Group.ConfirmCommit(Party.Now));
        Assert.Equal(expected, alice.Group.EpochAuthenticator);
        alice.Store.Refuses = false;
        bob.Group.Process(pending.Message.Span, Party.Now);
        alice.Group.ConfirmCommit(Party.Now);
        Assert.Equal(bob.Group.EpochAuthenticator, alice.Group.EpochAuthenticator);
    }

    [Fact]
    public void Point_1_a_crash_between_any_two_calls_loses_nothing()
    {
        Room room = Room.Of("alice", "bob", "carol");
        (Party alice, Party bob) = (room[0], room[1]);
        for (int round = 0; round < 3; round++)
        {
            byte[] said = alice.Group.Protect("hello"u8);
            alice.Reload();
            Assert.Equal("hello"u8, bob.Group.Unprotect(said, Party.Now).Data.Span);
            bob.Reload();
            Assert.Equal(NotProcessedReason.Duplicate, Assert.IsType<NotProcessed>(bob.Group.Process(said, Party.Now)).Reason);
            byte[] update = bob.Group.ProposeUpdate(Party.Now);
            room.Deliver(bob, update);
            bob.Reload();
            alice.Reload();
            PendingCommit pending = alice.Group.Commit(Party.Now);
            alice.Reload();
            Assert.Equal(pending.Message.ToArray(), alice.Group.PendingCommit!.Message.ToArray());
            Assert.Null(alice.Group.PendingCommit.Welcome);
            room.Deliver(alice, pending.Message);
            EpochChange change = alice.Group.ConfirmCommit(Party.Now);
            Assert.Equal([0u, 1u], change.Updated.Select(member => member.LeafIndex).Order());
            alice.Reload();
            room.AssertAgreed();
            room.AssertAllCanTalk();
        }
    }

    [Theory]
    [InlineData(WireFormat.PublicMessage)]
    [InlineData(WireFormat.PrivateMessage)]
    public void Point_2_own_messages_that_come_back_are_recognised(WireFormat format)
    {
        Party alice = Party.Create("alice", change: options => options with { Format = format });
        Room room = Room.Of(alice, Party.Create("bob"));
        NotProcessedReason Echo(ReadOnlyMemory<byte> message) => Assert.IsType<NotProcessed>(alice.Group.Process(message.Span, Party.Now)).Reason;
        Assert.Equal(NotProcessedReason.OwnMessage, Echo(alice.Group.Protect("me"u8)));
        byte[] proposal = alice.Group.ProposeUpdate(Party.Now);
        Assert.Equal(NotProcessedReason.OwnMessage, Echo(proposal));
        room.Deliver(alice, proposal);
        PendingCommit pending = alice.Group.Commit(Party.Now);
        ulong epoch = alice.Group.Epoch;
        Assert.Equal(NotProcessedReason.OwnPendingCommit, Echo(pending.Message));
        alice.Reload();
        Assert.Equal(NotProcessedReason.OwnPendingCommit, Echo(pending.Message));
        Assert.Equal(epoch, alice.Group.Epoch);
        room.Deliver(alice, pending.Message);
        alice.Group.ConfirmCommit(Party.Now);
        Assert.Equal(NotProcessedReason.Duplicate, Echo(pending.Message));
        Assert.Equal(epoch + 1, alice.Group.Epoch);
        room.AssertAgreed();
    }

    [Fact]
    public void Point_3_a_race_has_a_winner_and_a_fork_has_names()
    {
        Room room = Room.Of("alice", "bob", "carol");
        (Party alice, Party bob, Party carol) = (room[0], room[1], room[2]);
        PendingCommit byAlice = alice.Group.Commit(Party.Now);
        PendingCommit byBob = bob.Group.Commit(Party.Now);

        // Everyone decides alike without a server.
        Assert.NotEqual(CommitRace.FirstWins(byAlice.Name.Span, byBob.Name.Span), CommitRace.FirstWins(byBob.Name.Span, byAlice.Name.Span));

        // With one, its order counts: Alice is first. A look before the merge, then the merge.
        StagedCommit staged = carol.Group.Stage(byAlice.Message.Span, Party.Now);
        Assert.Equal(0u, staged.Change.CommitterLeaf);
        Assert.Equal(byAlice.Name.ToArray(), staged.Name.ToArray());
        carol.Group.Merge(staged, Party.Now);
        ReceivedCommit lost = Assert.IsType<ReceivedCommit>(bob.Group.Process(byAlice.Message.Span, Party.Now));
        Assert.True(lost.DroppedOwnCommit);
        Assert.Null(bob.Group.PendingCommit);
        alice.Group.ConfirmCommit(Party.Now);
        room.AssertAgreed();

        // Bob's commit comes late: it is a fork, with the epoch and both names, and nothing is shaken.
        NotProcessed fork = Assert.IsType<NotProcessed>(carol.Group.Process(byBob.Message.Span, Party.Now));
        Assert.Equal(NotProcessedReason.Fork, fork.Reason);
        Assert.Equal(byAlice.Epoch, fork.Epoch);
        Assert.Equal(byAlice.Name.ToArray(), fork.Winner.ToArray());
        Assert.Equal(byBob.Name.ToArray(), fork.Loser.ToArray());
        Assert.Equal(NotProcessedReason.Duplicate, Assert.IsType<NotProcessed>(carol.Group.Process(byAlice.Message.Span, Party.Now)).Reason);
        room.AssertAllCanTalk();
    }

    [Fact]
    [Breaks(MlsErrorCode.Fork)]
    public void Point_3_a_dropped_commit_leaves_no_trace()
    {
        Room room = Room.Of("alice", "bob");
        Party alice = room[0];
        int records = alice.Store.ReadRange(default).Count;
        byte[] authenticator = alice.Group.EpochAuthenticator;
        alice.Group.Commit(Party.Now, new CommitOptions { Message = new MessageOptions { Format = WireFormat.PublicMessage } });
        Assert.Equal(records + 1, alice.Store.ReadRange(default).Count);
        alice.Group.DropCommit();
        alice.Group.DropCommit();
        Assert.Equal(records, alice.Store.ReadRange(default).Count);
        Assert.Equal(authenticator, alice.Group.EpochAuthenticator);
        room.AssertAllCanTalk();
        room.Commit(alice);
        room.AssertAllCanTalk();

        // The rule's name is the reason's: a fork is told, not thrown.
        Assert.Equal(nameof(NotProcessedReason.Fork), Rule.Fork.Code.ToString());
    }

    [Fact]
    public void Point_4_duplicates_are_named_and_messages_of_epochs_to_come_are_held()
    {
        Room room = Room.Of("alice", "bob", "carol");
        (Party alice, Party bob, Party carol) = (room[0], room[1], room[2]);
        byte[] now = alice.Group.Protect("now"u8);
        PendingCommit first = alice.Group.Commit(Party.Now);
        bob.Group.Process(first.Message.Span, Party.Now);
        alice.Group.ConfirmCommit(Party.Now);
        byte[] next = alice.Group.Protect("next"u8);
        PendingCommit second = alice.Group.Commit(Party.Now);
        alice.Group.ConfirmCommit(Party.Now);
        byte[] last = alice.Group.Protect("last"u8);

        // Everything reaches Carol in the wrong order, and some of it twice.
        NotProcessedReason Early(ReadOnlyMemory<byte> message) => Assert.IsType<NotProcessed>(carol.Group.Process(message.Span, Party.Now)).Reason;
        Assert.Equal(NotProcessedReason.FutureEpoch, Early(last));
        Assert.Equal(NotProcessedReason.FutureEpoch, Early(second.Message));
        Assert.Equal(NotProcessedReason.FutureEpoch, Early(next));
        Assert.Equal(NotProcessedReason.FutureEpoch, Early(next));
        Assert.False(carol.Group.TryTakeHeld(out _));
        carol.Reload();
        Assert.IsType<ReceivedCommit>(carol.Group.Process(first.Message.Span, Party.Now));
        var heard = new List<string>();
        while (carol.Group.TryTakeHeld(out ReadOnlyMemory<byte> message))
        {
            if (carol.Group.Process(message.Span, Party.Now) is ReceivedApplication received)
            {
                heard.Add(System.Text.Encoding.UTF8.GetString(received.Data.Span));
            }
        }
        Assert.Equal(["last", "next"], heard.Order());
        Assert.Equal(alice.Group.EpochAuthenticator, carol.Group.EpochAuthenticator);

        // Redelivered, late and out of order: each has its name, and none is broken for ever.
        Assert.Equal(NotProcessedReason.Duplicate, Early(next));
        Assert.Equal("now"u8, carol.Group.Unprotect(now, Party.Now).Data.Span);
        Assert.Equal(NotProcessedReason.Duplicate, Early(now));
        Assert.Equal(NotProcessedReason.Duplicate, Early(first.Message));
        carol.Reload();
        Assert.False(carol.Group.TryTakeHeld(out _));
        Assert.Equal(bob.Group.Epoch + 1, carol.Group.Epoch);
    }

    [Fact]
    public void Point_4_what_is_held_is_bounded()
    {
        Party alice = Party.Create("alice");
        Party bob = Party.Create("bob", change: options => options with { Retention = new RetentionPolicy { HeldMessagesMax = 2 } });
        Room.Of(alice, bob);
        alice.Group.Commit(Party.Now);
        alice.Group.ConfirmCommit(Party.Now);
        NotProcessedReason[] reasons = [.. Enumerable.Range(0, 4).Select(_ => ((NotProcessed)bob.Group.Process(alice.Group.Protect("x"u8), Party.Now)).Reason)];
        Assert.Equal([NotProcessedReason.FutureEpoch, NotProcessedReason.FutureEpoch, NotProcessedReason.FutureEpochNotHeld, NotProcessedReason.FutureEpochNotHeld], reasons);
    }

    [Fact]
    public void Point_4_made_up_epochs_do_not_keep_out_the_next_one()
    {
        Party alice = Party.Create("alice");
        Party bob = Party.Create("bob", change: options => options with { Retention = new RetentionPolicy { HeldMessagesMax = 2 } });
        Room.Of(alice, bob);
        NotProcessedReason Hold(byte[] message) => Assert.IsType<NotProcessed>(bob.Group.Process(message, Party.Now)).Reason;
        byte[] MadeUp(ulong epoch, uint leaf) => new Forge(alice).Message(ContentType.Proposal, Proposal.Remove(leaf).Encoded.ToArray(), epoch: epoch);
        Assert.Equal(NotProcessedReason.FutureEpoch, Hold(MadeUp(1000, 0)));
        Assert.Equal(NotProcessedReason.FutureEpoch, Hold(MadeUp(ulong.MaxValue, 0)));
        Assert.Equal(NotProcessedReason.FutureEpochNotHeld, Hold(MadeUp(ulong.MaxValue, 1)));

        byte[] commit = alice.Group.Commit(Party.Now).Message.ToArray();
        alice.Group.ConfirmCommit(Party.Now);
        Assert.Equal(NotProcessedReason.FutureEpoch, Hold(alice.Group.Protect("first"u8)));
        Assert.Equal(NotProcessedReason.FutureEpoch, Hold(alice.Group.Protect("second"u8)));
        Assert.Equal(NotProcessedReason.FutureEpochNotHeld, Hold(alice.Group.Protect("third"u8)));
        bob.Reload();
        bob.Group.Process(commit, Party.Now);
        var read = new HashSet<string>();
        while (bob.Group.TryTakeHeld(out ReadOnlyMemory<byte> held))
        {
            read.Add(System.Text.Encoding.UTF8.GetString(bob.Group.Unprotect(held.Span, Party.Now).Data.Span));
        }
        Assert.Equal(["first", "second"], read.Order());
    }

    [Fact]
    public void Point_5_used_secrets_are_gone_from_the_stored_bytes()
    {
        Room room = Room.Of("alice", "bob", "carol");
        (Party alice, Party bob) = (room[0], room[1]);
        MlsCrypto crypto = new Forge(alice).Crypto;
        byte[] root = bob.Group.State.SecretTree.Nodes.Values.Single().Span.ToArray();
        Assert.True(bob.Store.Holds(root));
        byte[][] messages = [.. Enumerable.Range(0, 5).Select(number => alice.Group.Protect([(byte)number]))];

        // The third of five: the root of the tree and the ratchet up to there are gone, the two passed over are kept.
        Assert.Null(bob.Group.State.SecretTree.TryPrepareReceive(crypto, 0, RatchetKind.Application, 2, new RatchetLimits(9, 9), out RatchetStep? step));
        byte[] used = step!.Key.Key.ToArray();
        byte[] skipped = step.Skipped[0].Key.ToArray();
        step.Dispose();
        bob.Group.Unprotect(messages[2], Party.Now);
        Assert.False(bob.Store.Holds(root));
        Assert.False(bob.Store.Holds(used));
        Assert.True(bob.Store.Holds(skipped));
        byte[] ratchet = bob.Group.State.SecretTree.Ratchets[(0, RatchetKind.Application)].Secret.Span.ToArray();
        Assert.True(bob.Store.Holds(ratchet));
        bob.Reload();
        bob.Group.Unprotect(messages[0], Party.Now);
        Assert.False(bob.Store.Holds(skipped));
        bob.Group.Unprotect(messages[4], Party.Now);
        Assert.False(bob.Store.Holds(ratchet));

        // The sender's side too.
        byte[] own = alice.Group.State.SecretTree.Ratchets[(0, RatchetKind.Application)].Secret.Span.ToArray();
        alice.Group.Protect("again"u8);
        Assert.False(alice.Store.Holds(own));
    }

    [Fact]
    public void Point_5_an_epoch_that_is_over_leaves_nothing_but_what_late_messages_need()
    {
        Party alice = Party.Create("alice");
        Party bob = Party.Create("bob", change: options => options with { Retention = new RetentionPolicy { PastEpochsMax = 1, ResumptionPsksMax = 1 } });
        Room room = Room.Of(alice, bob);
        EpochSecrets secrets = bob.Group.State.Secrets;
        byte[][] mustGo = [secrets.Init.Span.ToArray(), secrets.Exporter.Span.ToArray(), secrets.External.Span.ToArray(), secrets.MembershipKey.Span.ToArray(), secrets.ConfirmationKey.Span.ToArray(), secrets.EpochAuthenticator.Span.ToArray()];
        byte[] leafKey = bob.Group.State.PrivateKeys.At(0)!.Span.ToArray();
        byte[] senderData = secrets.SenderData.Span.ToArray();
        byte[] resumption = secrets.ResumptionPsk.Span.ToArray();
        byte[] late = alice.Group.Protect("late"u8);
        byte[] later = alice.Group.Protect("later"u8);
        Assert.All(mustGo, secret => Assert.True(bob.Store.Holds(secret)));
        room.Commit(bob);
        Assert.All(mustGo, secret => Assert.False(bob.Store.Holds(secret)));
        Assert.False(bob.Store.Holds(leafKey));
        Assert.True(bob.Store.Holds(senderData));
        Assert.True(bob.Store.Holds(resumption));
        bob.Reload();
        ReceivedApplication received = bob.Group.Unprotect(late, Party.Now);
        Assert.Equal(0u, received.Sender.LeafIndex);
        room.Commit(alice);
        Assert.False(bob.Store.Holds(senderData));
        Assert.False(bob.Store.Holds(resumption));
        Assert.Equal(NotProcessedReason.PastEpoch, Assert.IsType<NotProcessed>(bob.Group.Process(later, Party.Now)).Reason);

        // By age as well as by number: a week later it is gone before it is looked at.
        byte[] old = alice.Group.Protect("old"u8);
        byte[] older = alice.Group.Protect("older"u8);
        senderData = bob.Group.State.Secrets.SenderData.Span.ToArray();
        room.Commit(alice);
        long week = bob.Client.Retention.PastEpochSecondsMax;
        Assert.Equal("old"u8, bob.Group.Unprotect(old, Party.Now + week).Data.Span);
        Assert.True(bob.Store.Holds(senderData));
        Assert.Equal(NotProcessedReason.PastEpoch, Assert.IsType<NotProcessed>(bob.Group.Process(older, Party.Now + week + 1)).Reason);
        Assert.False(bob.Store.Holds(senderData));
    }

    [Fact]
    public void Point_5_late_messages_are_verified_with_the_keys_of_their_epoch()
    {
        Room room = Room.Of("alice", "bob", "carol");
        (Party alice, Party bob, Party carol) = (room[0], room[1], room[2]);
        byte[] late = carol.Group.Protect("late"u8);
        byte[] later = carol.Group.Protect("later"u8);
        room.Commit(bob, new CommitOptions { Proposals = [Proposal.Remove(2)] });
        Party dora = Party.Create("dora");
        room.Add(alice, dora);
        Assert.Equal(2u, dora.Group.OwnLeafIndex);
        ReceivedApplication received = alice.Group.Unprotect(late, Party.Now);
        Assert.Equal("carol"u8, received.Sender.Credential.Identity.Span);
        alice.Reload();
        Assert.Equal("carol"u8, alice.Group.Unprotect(later, Party.Now).Sender.Credential.Identity.Span);
        Assert.Equal("dora"u8, alice.Group.FindMember(2)!.Value.Credential.Identity.Span);
    }

    [Fact]
    public void Point_5_removal_and_deletion_leave_no_record()
    {
        Room room = Room.Of("alice", "bob", "carol");
        Party carol = room[2];
        Assert.NotEmpty(carol.Store.ReadRange(default));
        room.Commit(room[0], new CommitOptions { Proposals = [Proposal.Remove(2)] });
        Assert.Empty(carol.Store.ReadRange(default));
        Party bob = room[1];
        bob.Group.Delete();
        Assert.Empty(bob.Store.ReadRange(default));
        Assert.Equal(GroupStatus.Removed, bob.Group.Status);
    }

    [Fact]
    public void Point_6_a_message_costs_its_senders_records_and_a_commit_its_path()
    {
        Party[] people = [.. Enumerable.Range(0, 33).Select(number => Party.Create($"p{number}"))];
        Room room = Room.Of(people);
        foreach (Party party in people)
        {
            room.Commit(party);
        }
        people[0].Group.Protect("first"u8);
        people[0].Group.Protect("second"u8);
        Assert.Single(people[0].Store.Last.Records);
        Assert.True(people[0].Store.Last.Records[0].Value!.Value.Length < 64);
        byte[] message = people[5].Group.Protect("hello"u8);
        people[1].Group.Unprotect(message, Party.Now);
        Assert.InRange(people[1].Store.Last.Records.Count, 1, 12);
        room.Commit(people[7]);

        // Leaf and six parents, the keys in common, the head, the secret tree, what stays of the past.
        Assert.InRange(people[1].Store.Last.Records.Count, 1, 30);
        int all = people[1].Store.ReadRange(default).Count;
        Assert.True(all > 66, $"{all} records");
    }

    [Fact]
    public void Point_6_trees_share_what_did_not_change()
    {
        Party[] people = [.. Enumerable.Range(0, 17).Select(number => Party.Create($"p{number}"))];
        Room room = Room.Of(people);
        foreach (Party party in people)
        {
            room.Commit(party);
        }
        RatchetTree before = people[0].Group.State.Tree;
        room.Commit(people[0]);
        RatchetTree after = people[0].Group.State.Tree;
        Assert.NotSame(before.Root, after.Root);
        Assert.Same(before.Root.Right, after.Root.Right);
        Assert.Same(before.Root.Left!.Right, after.Root.Left!.Right);
        Assert.Same(before.Node(2), after.Node(2));
        Assert.NotSame(before.Node(0), after.Node(0));
    }

    [Fact]
    [Breaks(MlsErrorCode.RecordVersion, MlsErrorCode.RecordMalformed)]
    public void Point_7_the_stored_format_is_versioned_and_errors_in_it_are_named()
    {
        Room room = Room.Of("alice", "bob");
        Party alice = room[0];
        alice.Group.Commit(Party.Now);
        foreach (StoredRecord record in alice.Store.ReadRange(default))
        {
            Assert.Equal(RecordSet.FormatVersion, record.Value.Span[0]);
        }
        foreach (StoredRecord record in alice.Store.ReadRange(RecordKey.Prefix(alice.Group.GroupId.Span)))
        {
            void Put(byte[] value) => alice.Store.Apply(new GroupChanges { GroupId = default, Records = [new RecordChange(record.Key, value)] });
            byte[] newer = record.Value.ToArray();
            newer[0] = 99;
            Put(newer);
            Assert.Equal(MlsErrorCode.RecordVersion, Assert.Throws<MlsException>(() => Group.TryLoad(alice.Client, alice.Group.GroupId.Span)).Code);
            Put(record.Value.ToArray());
        }
        byte[] head = RecordKey.Of(alice.Group.GroupId.Span, RecordKind.Group);
        byte[] value = alice.Store.Read(head)!;
        for (int length = 1; length < value.Length; length += 7)
        {
            alice.Store.Apply(new GroupChanges { GroupId = default, Records = [new RecordChange(head, value.AsMemory(0, length))] });
            Assert.Equal(
                MlsErrorCode.RecordMalformed, Assert.Throws<MlsException>(() => Group.TryLoad(alice.Client, alice.Group.GroupId.Span)).Code);
        }
    }

    [Fact]
    public void Point_7_secrets_the_store_has_lost_are_missed_by_name()
    {
        Room room = Room.Of("alice", "bob", "carol");
        byte[] message = room[1].Group.Protect("hello"u8);
        Party alice = room[0];
        RecordChange[] lost = [.. alice.Store.ReadRange(RecordKey.Of(alice.Group.GroupId.Span, RecordKind.SecretTreeNode)).Select(static record => new RecordChange(record.Key, null))];
        Assert.NotEmpty(lost);
        alice.Store.Apply(new GroupChanges { GroupId = default, Records = lost });
        alice.Reload();
        Assert.Equal(MlsErrorCode.RecordMalformed, Assert.Throws<MlsException>(() => alice.Group.Protect("x"u8)).Code);
        Assert.Equal(MlsErrorCode.RecordMalformed, Assert.Throws<MlsException>(() => alice.Group.Process(message, Party.Now)).Code);
    }

    [Fact]
    public void Point_8_a_proposal_is_validated_when_it_arrives_and_the_error_names_the_rule()
    {
        Room room = Room.Of("alice", "bob", "carol");
        byte[] wrong = new Forge(room[0]).Proposal(Proposal.Remove(40));
        MlsException exception = Assert.Throws<MlsException>(() => room[1].Group.Process(wrong, Party.Now));
        Assert.Equal(MlsErrorCode.RemoveBlank, exception.Code);
        Assert.Equal("RFC 9420 §12.1.3", exception.Error.Section);
        Assert.Equal("The leaf to remove is blank or outside the tree. (RFC 9420 §12.1.3)", exception.Message);
        Assert.Empty(room[1].Group.PendingProposals);
    }
}
