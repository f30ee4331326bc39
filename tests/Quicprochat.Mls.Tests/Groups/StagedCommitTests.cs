using Quicprochat.Crypto;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests.Groups;

/// <summary>A commit that is looked at and not merged leaves the group as it is, and leaves nothing of itself.</summary>
public class StagedCommitTests
{
    private readonly Party _alice = Party.Create("alice");
    private readonly Party _bob = Party.Create("bob");
    private readonly Room _room;

    public StagedCommitTests() => _room = Room.Of(_alice, _bob);

    [Fact]
    public void What_a_dropped_commit_would_have_begun_is_zeroed_and_the_group_goes_on()
    {
        byte[] commit = _alice.Group.Commit(Party.Now).Message.ToArray();
        StagedCommit staged = _bob.Group.Stage(commit, Party.Now);
        EpochState next = staged.Next!;
        Assert.NotEqual(0, next.Secrets.Init.Length);
        staged.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _bob.Group.Merge(staged, Party.Now));
        Assert.Throws<ObjectDisposedException>(() => next.Secrets.Init.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => next.PrivateKeys.At(next.Tree.Root.Level)!.Span.Length);

        Assert.IsType<ReceivedCommit>(_bob.Group.Process(commit, Party.Now));
        _alice.Group.ConfirmCommit(Party.Now);
        _room.AssertAgreed();
        _room.AssertAllCanTalk();
    }

    [Fact]
    public void A_merged_commit_is_the_groups_own_and_disposing_it_changes_nothing()
    {
        byte[] commit = _alice.Group.Commit(Party.Now).Message.ToArray();
        using (StagedCommit staged = _bob.Group.Stage(commit, Party.Now))
        {
            _bob.Group.Merge(staged, Party.Now);
        }
        _alice.Group.ConfirmCommit(Party.Now);
        _room.AssertAgreed();
        _room.AssertAllCanTalk();
        _room.Commit(_bob);
    }

    [Fact]
    public void A_dropped_commit_that_covered_an_own_update_does_not_cost_the_update()
    {
        var changes = new LeafChanges { Identity = _bob.Client.CreateIdentity(_bob.Identity.Credential, _bob.Identity.CipherSuite) };
        _room.Deliver(_bob, _bob.Group.ProposeUpdate(Party.Now, changes));
        byte[] commit = _alice.Group.Commit(Party.Now).Message.ToArray();
        _bob.Group.Stage(commit, Party.Now).Dispose();
        Assert.IsType<ReceivedCommit>(_bob.Group.Process(commit, Party.Now));
        _alice.Group.ConfirmCommit(Party.Now);
        _room.AssertAllCanTalk();
        _room.Commit(_alice);
        _bob.Reload();
        _room.Commit(_bob);
        _room.AssertAllCanTalk();
    }

    [Fact]
    public void A_commit_the_store_refuses_leaves_no_secret_and_can_be_made_again()
    {
        EpochState before = _alice.Group.State;
        _alice.Store.Refuses = true;
        Assert.Throws<IOException>(() => _alice.Group.Commit(Party.Now));
        Assert.Throws<IOException>(() => _alice.Group.Commit(Party.Now, new CommitOptions
        {
            Leaf = new LeafChanges { Identity = _alice.Client.CreateIdentity(_alice.Identity.Credential, _alice.Identity.CipherSuite) },
        }));
        _alice.Store.Refuses = false;
        Assert.Same(before, _alice.Group.State);
        byte[] commit = _alice.Group.Commit(Party.Now).Message.ToArray();
        _bob.Store.Refuses = true;
        Assert.Throws<IOException>(() => _bob.Group.Process(commit, Party.Now));
        _bob.Store.Refuses = false;
        Assert.IsType<ReceivedCommit>(_bob.Group.Process(commit, Party.Now));
        _alice.Store.Refuses = true;
        Assert.Throws<IOException>(() => _alice.Group.ConfirmCommit(Party.Now));
        _alice.Store.Refuses = false;
        _alice.Group.ConfirmCommit(Party.Now);
        _room.AssertAgreed();
        _room.AssertAllCanTalk();
    }

    [Fact]
    public void A_small_leaf_does_not_hold_on_to_the_large_message_it_came_in()
    {
        Party[] many = [.. Enumerable.Range(0, 40).Select(number => Party.Create($"member {number}"))];
        _room.Add(_alice, many);
        LeafNode added = _bob.Group.State.Tree.Leaf(7)!;
        Assert.Equal(added.Encoded.ToArray(), _alice.Group.State.Tree.Leaf(7)!.Encoded.ToArray());
        Assert.Equal(added.Encoded.Length, Container(added.Encoded));

        _room.Commit(_alice, new CommitOptions { Message = new MessageOptions { Format = WireFormat.PublicMessage } });
        LeafNode committed = _bob.Group.State.Tree.Leaf(0)!;
        Assert.Equal(committed.Encoded.Length, Container(committed.Encoded));
        ReadOnlyMemory<byte> root = _bob.Group.State.Tree.Root.EncryptionKey;
        Assert.Equal(root.Length, Container(root));
    }

    private static int Container(ReadOnlyMemory<byte> bytes)
    {
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment));
        return segment.Array!.Length;
    }
}
