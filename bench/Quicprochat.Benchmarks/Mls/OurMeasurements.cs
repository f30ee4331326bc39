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
        (double joinMs, Group joined) = Repeat(repeats, last.Store, Again, client => client.Join(added.Welcome!.Value));
        report(new Measurement("join", size, "cold", joinMs, added.Welcome!.Value.Length));
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
        BenchClient last = null!;
        for (int i = 1; i < size; i++)
        {
            last = new BenchClient(suite, Name(i));
            PendingCommit added = creator.Commit(Now, new CommitOptions { Proposals = [Proposal.Add(last.NewKeyPackage())] });
            creator.ConfirmCommit(Now);
            if (i == size - 1)
            {
                int repeats = size > 100 ? 5 : 20;
                (double joinMs, _) = Repeat(repeats, last.Store, Again, client => client.Join(added.Welcome!.Value));
                report(new Measurement("join", size, "warm", joinMs, added.Welcome!.Value.Length));
            }
            follower = last.Join(added.Welcome!.Value);
            PendingCommit own = follower.Commit(Now);
            follower.ConfirmCommit(Now);
            creator.Process(own.Message.Span, Now);
        }
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
        Proposal[] adds = [.. Enumerable.Range(1, size - 2).Select(i => Proposal.Add(new BenchClient(suite, Name(i)).NewKeyPackage())), Proposal.Add(last.NewKeyPackage())];
        // A commit that is dropped has cost as much as one that is kept.
        (double addMs, PendingCommit added) = CpuClock.Measure(5, () =>
        {
            creator.DropCommit();
            return creator.Commit(Now, new CommitOptions { Proposals = adds });
        });
        creator.ConfirmCommit(Now);
        report(new Measurement("add", size, "cold", addMs, added.Message.Length));
        return (creator, added, last);
    }

    private void Updates(int size, string kind, Group committer, Group follower, MemoryGroupStore followerStore)
    {
        int repeats = size > 100 ? 10 : 40;
        (double createMs, PendingCommit pending) = CpuClock.Measure(repeats, () =>
        {
            committer.DropCommit();
            return committer.Commit(Now);
        });
        report(new Measurement("create", size, kind, createMs, pending.Message.Length));

        byte[] commit = pending.Message.ToArray();
        (double processMs, _) = Repeat(repeats, followerStore, store => Load(store, follower.GroupId.Span), group => group.Process(commit, Now));
        report(new Measurement("process", size, kind, processMs, commit.Length));
        committer.ConfirmCommit(Now);
        follower.Process(commit, Now);
    }

    private void Talk(int size, Group sender, Group receiver)
    {
        var text = new byte[1024];
        var sent = new Queue<byte[]>();
        (double protectMs, byte[] message) = CpuClock.Measure(1000, () =>
        {
            sent.Enqueue(sender.Protect(text));
            return sent.Peek();
        });
        report(new Measurement("protect", size, "cold", protectMs, message.Length));
        (double unprotectMs, _) = CpuClock.Measure(1000, () => receiver.Process(sent.Dequeue(), Now));
        report(new Measurement("unprotect", size, "cold", unprotectMs, message.Length));
    }

    private Group Load(MemoryGroupStore store, ReadOnlySpan<byte> groupId) => Group.TryLoad(Again(store).Client, groupId)!;

    private BenchClient Again(MemoryGroupStore store) => new(suite, "again", store);

    /// <summary>Does a thing several times that can be done but once, each time on a copy of the store; only the doing is counted.</summary>
    private static (double Milliseconds, TResult Result) Repeat<TSubject, TResult>(int times, MemoryGroupStore store, Func<MemoryGroupStore, TSubject> prepare, Func<TSubject, TResult> act)
    {
        TSubject[] subjects = [.. Enumerable.Range(0, times).Select(_ => prepare(BenchClient.Copy(store)))];
        int next = 0;
        return CpuClock.Measure(times, () => act(subjects[next++]));
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"member {number}");
}
