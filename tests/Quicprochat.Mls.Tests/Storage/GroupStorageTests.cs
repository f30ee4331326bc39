using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Mls.Tests.Storage;

public class GroupStorageTests
{
    [Fact]
    public void The_records_are_those_of_the_group_and_no_others()
    {
        Party[] people = [.. Enumerable.Range(0, 12).Select(number => Party.Create($"p{number}"))];
        Room room = Room.Of(people[..5]);
        room.Commit(people[1]);
        AssertRecords(room);
        room.Add(people[2], people[5..9]);
        room.AssertAllCanTalk();
        AssertRecords(room);
        room.Commit(people[6], new CommitOptions { Proposals = [Proposal.Remove(8), Proposal.Remove(7), Proposal.Remove(3)] });
        AssertRecords(room);
        room.Deliver(people[0], people[0].Group.ProposeUpdate(Party.Now));
        room.Commit(people[4]);
        room.AssertAllCanTalk();
        AssertRecords(room);
        room.Add(people[0], people[9..]);
        foreach (Party party in room.Members)
        {
            room.Commit(party);
        }
        AssertRecords(room);
    }

    private static void AssertRecords(Room room)
    {
        foreach (Party party in room.Members)
        {
            Group group = party.Group;
            var records = new GroupRecords(group.GroupId.ToArray(), party.Store.ReadRange(RecordKey.Prefix(group.GroupId.Span)));
            int Count(RecordKind kind) => records.Of(kind).Count();
            Assert.Equal(group.State.Tree.Nodes().Count(), Count(RecordKind.TreeNode));
            Assert.Equal(Enumerable.Range(0, 32).Count(level => group.State.PrivateKeys.At(level) is not null), Count(RecordKind.PrivateKey));
            Assert.Equal(0, Count(RecordKind.Proposal) + Count(RecordKind.PendingCommit) + Count(RecordKind.HeldMessage));

            // What is stored of secrets is what is in memory, in this epoch and in those that are kept.
            List<PastEpoch> past = [];
            Assert.Null(GroupRecordReading.TryReadPast(records, past));
            Assert.InRange(past.Count, 0, party.Client.Retention.PastEpochsMax);
            int nodes = group.State.SecretTree.Nodes.Count + past.Sum(epoch => epoch.SecretTree.Nodes.Count);
            int ratchets = group.State.SecretTree.Ratchets.Count + past.Sum(epoch => epoch.SecretTree.Ratchets.Count);
            Assert.Equal(nodes, Count(RecordKind.SecretTreeNode));
            Assert.Equal(ratchets, Count(RecordKind.Ratchet));
            byte[] authenticator = group.EpochAuthenticator;
            byte[] tree = group.ExportRatchetTree();
            party.Reload();
            Assert.Equal(authenticator, party.Group.EpochAuthenticator);
            Assert.Equal(tree, party.Group.ExportRatchetTree());
        }
    }

    [Fact]
    public void Keys_of_different_groups_never_meet()
    {
        byte[] prefix = RecordKey.Prefix("a"u8);
        Assert.False(RecordKey.Of("ab"u8, RecordKind.Group).AsSpan().StartsWith(prefix));
        Assert.True(RecordKey.TreeNode("a"u8, 7).AsSpan().StartsWith(prefix));
        Assert.NotEqual(RecordKey.TreeNode("a"u8, 7), RecordKey.SecretTreeNode("a"u8, 0, 7));
    }
}
