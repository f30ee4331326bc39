using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests;

/// <summary>Some people in one group, and a delivery service that puts everything in order.</summary>
internal sealed class Room
{
    private readonly List<Party> _members;

    private Room(List<Party> members) => _members = members;

    public IReadOnlyList<Party> Members => _members;

    /// <summary>The first creates the group and adds the others in one commit.</summary>
    public static Room Of(params Party[] parties) => Of(null, parties);

    public static Room Of(GroupOptions? options, params Party[] parties)
    {
        parties[0].Group = Group.Create(parties[0].Client, parties[0].Identity, Party.Now, options);
        var room = new Room([parties[0]]);
        if (parties.Length > 1)
        {
            room.Add(parties[0], parties[1..]);
        }
        return room;
    }

    public static Room Of(CipherSuite suite, params string[] names) => Of([.. names.Select(name => Party.Create(name, suite))]);

    public static Room Of(params string[] names) => Of([.. names.Select(name => Party.Create(name))]);

    public Party this[int index] => _members[index];

    public void Add(Party committer, params Party[] newcomers)
    {
        KeyPackage[] keyPackages = [.. newcomers.Select(party => party.NewKeyPackage())];
        Commit(committer, new CommitOptions { Proposals = [.. keyPackages.Select(Proposal.Add)] }, newcomers);
    }

    /// <summary>Commits, delivers, welcomes, and checks that everyone agrees.</summary>
    public EpochChange Commit(Party committer, CommitOptions? options = null, params Party[] newcomers)
    {
        PendingCommit pending = committer.Group.Commit(Party.Now, options);
        Deliver(committer, pending.Message);
        EpochChange change = committer.Group.ConfirmCommit(Party.Now);
        foreach (Party newcomer in newcomers)
        {
            newcomer.Group = Group.Join(newcomer.Client, pending.Welcome!.Value.Span, Party.Now);
            _members.Add(newcomer);
        }
        _members.RemoveAll(static party => party.Group.Status == GroupStatus.Removed);
        AssertAgreed();
        return change;
    }

    /// <summary>Someone came in by another way; whoever was removed is gone.</summary>
    public void Welcome(Party newcomer)
    {
        _members.RemoveAll(static party => party.Group.Status == GroupStatus.Removed);
        _members.Add(newcomer);
    }

    /// <summary>Everyone but the sender processes the message.</summary>
    public Received[] Deliver(Party sender, ReadOnlyMemory<byte> message) =>
        [.. _members.Where(party => party != sender).Select(party => party.Group.Process(message.Span, Party.Now))];

    public void AssertAgreed()
    {
        foreach (Party party in _members)
        {
            Assert.Equal(_members[0].Group.Epoch, party.Group.Epoch);
            Assert.Equal(_members[0].Group.EpochAuthenticator, party.Group.EpochAuthenticator);
            Assert.Equal(_members[0].Group.ExportRatchetTree(), party.Group.ExportRatchetTree());
        }
    }

    /// <summary>Everyone says something and everyone else hears it.</summary>
    public void AssertAllCanTalk()
    {
        foreach (Party party in _members)
        {
            byte[] said = System.Text.Encoding.UTF8.GetBytes($"{party.Name} in epoch {party.Group.Epoch}");
            foreach (Received received in Deliver(party, party.Group.Protect(said)))
            {
                ReceivedApplication heard = Assert.IsType<ReceivedApplication>(received);
                Assert.Equal(said, heard.Data.ToArray());
                Assert.Equal(party.Group.OwnLeafIndex, heard.Sender.LeafIndex);
            }
        }
    }
}
