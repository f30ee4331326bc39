using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests.Groups;

public class ChatTests
{
    public static TheoryData<string> Suites() => [.. CipherSuites.All.Items.Select(suite => suite.Name)];

    [Theory]
    [MemberData(nameof(Suites))]
    public void Three_people_talk_in_every_cipher_suite(string name)
    {
        CipherSuite suite = CipherSuites.All.Items.Single(item => item.Name == name);
        Room room = Room.Of(suite, "alice", "bob", "carol");
        room.AssertAllCanTalk();
        room.Commit(room[1]);
        room.Commit(room[2]);
        room.AssertAllCanTalk();
        Assert.Equal(suite, room[2].Group.CipherSuite);
        Assert.Equal(room[0].Group.Export("call", "room 7"u8, 40), room[2].Group.Export("call", "room 7"u8, 40));
        Assert.NotEqual(room[0].Group.Export("call", "room 8"u8, 40), room[2].Group.Export("call", "room 7"u8, 40));
    }

    [Fact]
    public void The_default_is_the_hybrid_suite()
    {
        Party alice = Party.Create("alice");
        Assert.Equal("MLS_128_MLKEM768X25519_AES256GCM_SHA384_Ed25519", alice.Client.CreateIdentity(alice.Identity.Credential).CipherSuite.Name);
    }

    [Theory]
    [InlineData(WireFormat.PublicMessage)]
    [InlineData(WireFormat.PrivateMessage)]
    public void Members_come_change_and_go(WireFormat format)
    {
        Party[] people = [.. "abcdefg".Select(letter => Party.Create(letter.ToString(), change: options => options with { Format = format }))];
        Room room = Room.Of(people[..4]);
        room.AssertAllCanTalk();

        // An Update of one and a Remove of another, committed by a third.
        room.Deliver(room[1], room[1].Group.ProposeUpdate(Party.Now));
        room.Deliver(room[2], room[2].Group.Propose(Proposal.Remove(people[3].Group.OwnLeafIndex), Party.Now));
        EpochChange change = room.Commit(room[0]);
        Assert.Equal([people[3].Group.OwnLeafIndex], change.Removed.Select(member => member.LeafIndex));
        Assert.Equal(GroupStatus.Removed, people[3].Group.Status);
        Assert.Contains(change.Updated, member => member.LeafIndex == 1);
        room.AssertAllCanTalk();

        // Two newcomers, one of them in the leaf that became blank.
        room.Add(room[2], people[4], people[5]);
        Assert.Equal(3u, people[4].Group.OwnLeafIndex);
        room.AssertAllCanTalk();
        room.Commit(room[1]);
        room.Commit(people[5]);
        room.AssertAllCanTalk();

        // A commit without a path, by reference.
        room.Deliver(room[0], room[0].Group.Propose(Proposal.Add(people[6].NewKeyPackage()), Party.Now));
        room.Commit(room[1], new CommitOptions { AlwaysPath = false }, people[6]);
        room.AssertAllCanTalk();
    }

    [Fact]
    public void A_removed_member_cannot_follow()
    {
        Room room = Room.Of("alice", "bob", "carol");
        Party carol = room[2];
        byte[] before = carol.Group.EpochAuthenticator;
        room.Commit(room[0], new CommitOptions { Proposals = [Proposal.Remove(2)] });
        byte[] message = room[0].Group.Protect("without her"u8);
        Assert.Equal(MlsErrorCode.NotMember, Assert.Throws<MlsException>(() => carol.Group.Process(message, Party.Now)).Code);
        Assert.Equal(MlsErrorCode.NotMember, Assert.Throws<MlsException>(() => carol.Group.Protect("hello?"u8)).Code);
        Assert.Null(Group.TryLoad(carol.Client, carol.Group.GroupId.Span));
        Assert.NotEqual(before, room[0].Group.EpochAuthenticator);
    }

    [Fact]
    public void The_tree_shrinks_when_its_right_half_is_empty_and_blanks_are_filled_from_the_left()
    {
        Party[] people = [.. Enumerable.Range(0, 9).Select(number => Party.Create($"p{number}"))];
        Room room = Room.Of(people);
        Assert.Equal(16u, people[0].Group.State.Tree.Width);
        room.Commit(people[0], new CommitOptions { Proposals = [Proposal.Remove(8), Proposal.Remove(2), Proposal.Remove(5)] });
        Assert.Equal(8u, people[0].Group.State.Tree.Width);
        room.AssertAllCanTalk();
        room.Commit(people[3]);
        Party[] newcomers = [.. Enumerable.Range(9, 3).Select(number => Party.Create($"p{number}"))];
        room.Add(people[4], newcomers);
        Assert.Equal([2u, 5u, 8u], newcomers.Select(party => party.Group.OwnLeafIndex));
        room.AssertAllCanTalk();
        foreach (Party party in room.Members.ToArray())
        {
            room.Commit(party);
        }
        room.AssertAllCanTalk();
    }

    [Fact]
    public void Data_may_be_authenticated_along_and_length_may_be_hidden()
    {
        Party alice = Party.Create("alice", change: options => options with { PaddingStep = 256 });
        Party bob = Party.Create("bob");
        Room.Of(alice, bob);
        byte[] one = alice.Group.Protect("1"u8, new MessageOptions { AuthenticatedData = "header"u8.ToArray() });
        byte[] two = alice.Group.Protect(new byte[200], new MessageOptions { AuthenticatedData = "header"u8.ToArray() });
        Assert.InRange(two.Length - one.Length, -2, 2);
        ReceivedApplication received = bob.Group.Unprotect(one, Party.Now);
        Assert.Equal("header"u8, received.AuthenticatedData.Span);
        Assert.Equal("1"u8, received.Data.Span);
        byte[] exact = alice.Group.Protect("1"u8, new MessageOptions { Padding = 1000 });
        Assert.True(exact.Length > 1000);
        Assert.Equal("1"u8, bob.Group.Unprotect(exact, Party.Now).Data.Span);
    }

    [Fact]
    public void An_export_that_cannot_be_is_the_callers_bug()
    {
        Group group = Room.Of("alice", "bob")[0].Group;
        Assert.Equal("length", Assert.Throws<ArgumentOutOfRangeException>(() => group.Export("label", [], -1)).ParamName);
        Assert.Equal("length", Assert.Throws<ArgumentOutOfRangeException>(() => group.Export("label", [], (255 * 32) + 1)).ParamName);
        Assert.Equal("label", Assert.Throws<ArgumentException>(() => group.Export("lä€bel", [], 32)).ParamName);
        Assert.Empty(group.Export("label", [], 0));
        Assert.Equal(255 * 32, group.Export("label", [], 255 * 32).Length);
    }

    [Fact]
    public void Reserved_values_are_sent_and_tolerated()
    {
        static bool Reserved(int value) => (value & 0x0f0f) == 0x0a0a && (value >> 12) == ((value >> 4) & 0x0f);
        Party alice = Party.Create("alice");
        Party bob = Party.Create("bob");
        KeyPackage keyPackage = bob.NewKeyPackage();
        LeafNode leaf = keyPackage.LeafNode;
        Assert.Contains(leaf.Capabilities.CipherSuites, value => Reserved(value));
        Assert.Contains(leaf.Capabilities.Proposals, value => Reserved((int)value));
        Assert.Contains(leaf.Capabilities.Credentials, value => Reserved((int)value));
        Assert.Contains(leaf.Extensions, item => Reserved((int)item.Type) && leaf.Capabilities.Extensions.Contains(item.Type));
        Assert.Contains(keyPackage.Extensions, item => Reserved((int)item.Type) && leaf.Capabilities.Extensions.Contains(item.Type));
        Room room = Room.Of(alice, bob);
        room.Commit(bob);
        Assert.True(MlsMessage.TryParse(alice.Group.CreateGroupInfo(), out MlsMessage? info));
        Assert.Contains(info.GroupInfo!.Extensions, item => Reserved((int)item.Type));

        // They are nowhere where they would be refused.
        Assert.DoesNotContain(alice.Group.Extensions, item => Reserved((int)item.Type));
        Assert.All(room.Members, party => Assert.Equal(CredentialType.Basic, party.Group.FindMember(0)!.Value.Credential.Type));
    }
}
