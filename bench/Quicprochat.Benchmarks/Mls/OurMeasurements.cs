using System.Globalization;
using Quicprochat.Mls;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Benchmarks.Mls;

/// <summary>What this library takes for the operations of the table, in one cipher suite.</summary>
internal sealed class OurMeasurements(CipherSuite suite, Action<Measurement> report)
{
    private const long Now = BenchClient.Now;

    /// <summary>All are added in one commit.</summary>
    public void Cold(int size)
    {
        (Group creator, PendingCommit added, BenchClient last) = AddAll(size);
        int repeats = size > 100 ? 5 : 20;
        (CpuTime joinTime, Group joined) = Repeat(repeats, last.Store, Again, client => client.Join(added.Welcome!.Value));
        report(new Measurement("join", size, "cold", joinTime, added.Welcome!.Value.Length));
        Group follower = last.Join(added.Welcome!.Value);
        Updates(size, "cold", creator, follower, last.Store);
        Talk(size, creator, follower);
    }

    /// <summary>Only the commit that adds everyone: its time must not grow faster than the group.</summary>
    public void AddOnly(int size) => AddAll(size);

    /// <summary>Every member joins and commits at once, so that every node of the tree has a key of its own.</summary>
    public void Warm(int size)
    {
        Group creator = new BenchClient(suite, "creator").Create();
        Group follower = creator;
        Group? neighbour = null;
        BenchClient last = null!;
        for (int i = 1; i < size; i++)
        {
            last = new BenchClient(suite, Name(i));
            PendingCommit added = creator.Commit(Now, new CommitOptions { Proposals = [Proposal.Add(last.NewKeyPackage())] });
            creator.ConfirmCommit(Now);
            if (i == size - 1)
            {
                int repeats = size > 100 ? 5 : 20;
                (CpuTime joinTime, _) = Repeat(repeats, last.Store, Again, client => client.Join(added.Welcome!.Value));
                report(new Measurement("join", size, "warm", joinTime, added.Welcome!.Value.Length));
            }
            follower = last.Join(added.Welcome!.Value);
            PendingCommit own = follower.Commit(Now);
            follower.ConfirmCommit(Now);
            creator.Process(own.Message.Span, Now);
            neighbour?.Process(added.Message.Span, Now);
            neighbour?.Process(own.Message.Span, Now);
            neighbour ??= follower;
        }
        Follow(size, "warm, next leaf", neighbour!, creator, follower);
        creator.Commit(Now);
        byte[] commit = creator.PendingCommit!.Message.ToArray();
        creator.ConfirmCommit(Now);
        follower.Process(commit, Now);
        Updates(size, "warm", creator, follower, last.Store);
    }

    private (Group Creator, PendingCommit Added, BenchClient Last) AddAll(int size)
    {
        Group creator = new BenchClient(suite, "creator").Create();
        var last = new BenchClient(suite, Name(size - 1));
        byte[][] published = [.. Enumerable.Range(1, size - 2).Select(i => new BenchClient(suite, Name(i)).NewKeyPackage().ToMessage()), last.NewKeyPackage().ToMessage()];
        // A commit that is dropped has cost as much as one that is kept. The key packages are read anew for each, since one that was verified once is not again.
        (CpuTime addTime, PendingCommit added) = CpuClock.Measure(5, () =>
        {
            creator.DropCommit();
            return creator.Commit(Now, new CommitOptions { Proposals = [.. published.Select(Read)] });
        });
        creator.ConfirmCommit(Now);
        report(new Measurement("add", size, "cold", addTime, added.Message.Length));
        return (creator, added, last);
    }

    private void Updates(int size, string kind, Group committer, Group follower, MemoryGroupStore followerStore)
    {
        int repeats = size > 100 ? 10 : 40;
        (CpuTime createTime, PendingCommit pending) = CpuClock.Measure(repeats, () =>
        {
            committer.DropCommit();
            return committer.Commit(Now);
        });
        report(new Measurement("create", size, kind, createTime, pending.Message.Length));

        // What a member in memory takes for commit after commit, and what a process that has just begun takes to load the group and follow the next one.
        byte[] commit = pending.Message.ToArray();
        (CpuTime loadTime, _) = Repeat(repeats, followerStore, Again, client => Group.TryLoad(client.Client, follower.GroupId.Span)!.Process(commit, Now));
        report(new Measurement("load", size, kind, loadTime, commit.Length));
        committer.ConfirmCommit(Now);
        follower.Process(commit, Now);
        Follow(size, kind, committer, follower);
    }

    /// <summary>
    /// A member in memory follows commit after commit. When the committer is in the other half of the tree, as for half of all members, one key of the path is new
    /// to the follower; when it is on the next leaf, all of them are, which is the most there can be.
    /// </summary>
    private void Follow(int size, string kind, Group committer, Group follower, Group? other = null)
    {
        int repeats = size > 100 ? 10 : 40;
        var commits = new Queue<byte[]>();
        for (int i = 0; i < repeats; i++)
        {
            byte[] commit = committer.Commit(Now).Message.ToArray();
            committer.ConfirmCommit(Now);
            commits.Enqueue(commit);
            if (other is not null && other != committer)
            {
                other.Process(commit, Now);
            }
        }
        int length = commits.Peek().Length;
        (CpuTime processTime, _) = CpuClock.Measure(repeats, () => follower.Process(commits.Dequeue(), Now));
        report(new Measurement("process", size, kind, processTime, length));
    }

    private void Talk(int size, Group sender, Group receiver)
    {
        var text = new byte[1024];
        var sent = new Queue<byte[]>();
        (CpuTime protectTime, byte[] message) = CpuClock.Measure(1000, () =>
        {
            sent.Enqueue(sender.Protect(text));
            return sent.Peek();
        });
        report(new Measurement("protect", size, "cold", protectTime, message.Length));
        (CpuTime unprotectTime, _) = CpuClock.Measure(1000, () => receiver.Process(sent.Dequeue(), Now));
        report(new Measurement("unprotect", size, "cold", unprotectTime, message.Length));
    }

    private static Proposal Read(byte[] published) =>
        KeyPackage.TryParse(published, out KeyPackage? keyPackage) ? Proposal.Add(keyPackage) : throw new InvalidOperationException("A key package does not parse.");

    private BenchClient Again(MemoryGroupStore store) => new(suite, "again", store);

    /// <summary>Does a thing several times that can be done but once, each time on a copy of the store; only the doing is counted.</summary>
    private static (CpuTime Time, TResult Result) Repeat<TSubject, TResult>(int times, MemoryGroupStore store, Func<MemoryGroupStore, TSubject> prepare, Func<TSubject, TResult> act)
    {
        TSubject[] subjects = [.. Enumerable.Range(0, times).Select(_ => prepare(BenchClient.Copy(store)))];
        int next = 0;
        return CpuClock.Measure(times, () => act(subjects[next++]));
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"member {number}");
}
