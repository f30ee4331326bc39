using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests.Groups;

/// <summary>What a large group costs, counted and not timed.</summary>
public class LargeGroupTests
{
    [Fact]
    public void Twice_the_members_are_added_for_twice_the_hashing()
    {
        long small = HashedToAdd(100);
        long large = HashedToAdd(200);
        Assert.InRange((double)large / small, 1.8, 2.2);
    }

    [Fact]
    public void A_commit_in_a_tree_full_of_keys_hashes_its_path_and_not_the_tree()
    {
        long small = HashedToCommit(16);
        long large = HashedToCommit(128);
        Assert.InRange((double)large / small, 1, 2);
    }

    private static long HashedToAdd(int members)
    {
        (Group group, CountingProvider counter) = NewGroup();
        Proposal[] adds = [.. Enumerable.Range(0, members).Select(number => Proposal.Add(Party.Create($"member {number:000}").NewKeyPackage()))];
        long before = counter.HashedBytes;
        Assert.NotNull(group.Commit(Party.Now, new CommitOptions { Proposals = adds }).Welcome);
        return counter.HashedBytes - before;
    }

    private static long HashedToCommit(int members)
    {
        (Group group, CountingProvider counter) = NewGroup();
        for (int number = 1; number < members; number++)
        {
            Party member = Party.Create($"member {number:000}");
            PendingCommit added = group.Add([member.NewKeyPackage()], Party.Now);
            group.ConfirmCommit(Party.Now);
            member.Group = Group.Join(member.Client, added.Welcome!.Value.Span, Party.Now);
            group.Process(member.Group.Commit(Party.Now).Message.Span, Party.Now);
        }
        group.Commit(Party.Now);
        group.ConfirmCommit(Party.Now);
        long before = counter.HashedBytes;
        group.Commit(Party.Now);
        return counter.HashedBytes - before;
    }

    private static (Group Group, CountingProvider Counter) NewGroup()
    {
        var counter = new CountingProvider();
        var client = new MlsClient { Authentication = new Trust(), Provider = counter };
        SigningIdentity identity = client.CreateIdentity(Credential.Basic("creator"), CipherSuite.X25519Aes128GcmSha256Ed25519);
        return (Group.Create(client, identity, Party.Now), counter);
    }
}
