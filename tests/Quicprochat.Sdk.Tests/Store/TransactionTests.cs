using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Workers;

namespace Quicprochat.Sdk.Tests.Store;

public sealed class TransactionTests : IDisposable
{
    private readonly Profile _profile = new();

    public void Dispose() => _profile.Dispose();

    [Fact]
    public async Task A_transaction_sees_what_it_wrote_and_others_see_it_when_it_is_over()
    {
        await using LocalStore store = await _profile.CreateAsync();
        await store.Write(static tx =>
        {
            tx.Settings.PutText("a", "1");
            Assert.Equal("1", tx.Settings.FindText("a"));
            tx.Settings.PutText("a", "2");
            Assert.Equal("2", tx.Settings.FindText("a"));
            Assert.True(tx.Settings.Delete("a"));
            Assert.Null(tx.Settings.FindText("a"));
            Assert.False(tx.Settings.Delete("a"));
            tx.Settings.PutText("a", "3");
        });
        Assert.Equal("3", await store.Read(static tx => tx.Settings.FindText("a")));
    }

    [Fact]
    public async Task A_function_that_throws_leaves_nothing_and_harms_no_other_of_its_batch()
    {
        var worker = new HeldWorker();
        await using LocalStore store = await OpenAsync(worker);
        List<string> order = [];
        Task first = store.Write(tx =>
        {
            tx.OnCommit(() => order.Add("first committed"));
            tx.Settings.PutText("first", "1");
        });
        Task second = store.Write(tx =>
        {
            tx.OnRollback(() => order.Add("second undone"));
            tx.OnCommit(() => order.Add("second committed"));
            tx.Settings.PutText("first", "overwritten");
            Assert.True(tx.Messages.TryAdd(Profile.Message("c", "1")));
            throw new FormatException("no");
        });
        Task<string?> third = store.Write(tx =>
        {
            tx.OnCommit(() => order.Add("third committed"));
            tx.OnRollback(() => order.Add("third undone"));
            Assert.True(tx.Messages.TryAdd(Profile.Message("c", "1", "third")));
            return tx.Settings.FindText("first");
        });
        Task<long> fourth = store.Read(static tx => tx.Messages.Count("c"u8));
        worker.RunAll();
        await first;
        await Assert.ThrowsAsync<FormatException>(() => second);
        Assert.Equal("1", await third);
        Assert.Equal(1, await fourth);
        Assert.Equal(["second undone", "first committed", "third committed"], order);
        worker.IsHeld = false;
    }

    [Fact]
    public async Task Calls_that_wait_together_share_a_commit()
    {
        var worker = new HeldWorker();
        await using LocalStore store = await OpenAsync(worker);
        int commits = 0;
        SQLitePCL.raw.sqlite3_commit_hook(store.Database.Handle, _ => { commits++; return 0; }, null);
        Task[] writes = [.. Enumerable.Range(0, 100).Select(number => store.Write(tx => tx.Settings.PutText($"{number}", "value")))];
        worker.RunAll();
        await Task.WhenAll(writes);
        Assert.Equal(1, commits);
        worker.IsHeld = false;
    }

    [Fact]
    public async Task A_call_that_was_given_up_while_it_waited_does_nothing()
    {
        var worker = new HeldWorker();
        await using LocalStore store = await OpenAsync(worker);
        using var cancellation = new CancellationTokenSource();
        Task given = store.WriteAsync(static tx => tx.Settings.PutText("given", "up"), cancellation.Token);
        Task kept = store.Write(static tx => tx.Settings.PutText("kept", "value"));
        await cancellation.CancelAsync();
        worker.RunAll();
        await Assert.ThrowsAsync<TaskCanceledException>(() => given);
        await kept;
        worker.IsHeld = false;
        Assert.Null(await store.Read(static tx => tx.Settings.FindText("given")));
    }

    [Fact]
    public async Task Nothing_is_written_by_a_reader_nor_outside_of_a_transaction()
    {
        await using LocalStore store = await _profile.CreateAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Read(static tx =>
        {
            tx.Settings.PutText("a", "1");
            return true;
        }));
        StoreTransaction? kept = null;
        Sdk.Store.Tables.SettingTable? table = null;
        await store.Write(tx => (kept, table) = (tx, tx.Settings));
        Assert.Throws<InvalidOperationException>(() => kept!.Settings);
        Assert.Throws<InvalidOperationException>(() => table!.PutText("a", "1"));
        Assert.Throws<InvalidOperationException>(() => store.Groups.Read("g"u8));

        // Nor by another thread while a transaction runs.
        await store.Write(_ =>
        {
            var other = new Thread(() => Assert.Throws<InvalidOperationException>(() => table!.PutText("a", "1")));
            other.Start();
            other.Join();
        });
        Assert.Null(await store.Read(static tx => tx.Settings.FindText("a")));
    }

    [Fact]
    public async Task A_world_with_one_thread_stays_on_it()
    {
        int thread = Environment.CurrentManagedThreadId;
        Task<LocalStore> opening = _profile.CreateAsync(Profile.Options with { Worker = InlineWorker.Instance });
        Assert.True(opening.IsCompleted);
        LocalStore store = await opening;
        Task<int> inner = null!;
        Task<int> outer = store.Write(tx =>
        {
            // A call from within a call waits for its turn.
            inner = store.Write(static _ => Environment.CurrentManagedThreadId);
            Assert.False(inner.IsCompleted);
            return Environment.CurrentManagedThreadId;
        });
        Assert.True(outer.IsCompletedSuccessfully);
        Assert.True(inner.IsCompletedSuccessfully);
        Assert.Equal((thread, thread), (await outer, await inner));
        await store.DisposeAsync();
    }

    [Fact]
    public async Task A_listener_that_throws_keeps_nobody_from_hearing()
    {
        await using LocalStore store = await _profile.CreateAsync();
        await store.Write(static tx => tx.OnCommit(static () => throw new FormatException("a bug")));
        await Assert.ThrowsAsync<InvalidDataException>(() => store.Write(static tx =>
        {
            tx.OnRollback(static () => throw new FormatException("a bug"));
            throw new InvalidDataException();
        }));
        await store.Write(static tx => tx.Settings.PutText("a", "1"));
    }

    [Fact]
    public async Task Many_callers_at_once_lose_nothing()
    {
        await using LocalStore store = await _profile.CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < 50; i++)
            {
                Assert.True(await store.Write(tx => tx.Messages.TryAdd(Profile.Message($"{caller}", $"{i}"))));
                Assert.Equal(i + 1, await store.Read(tx => tx.Messages.Count(Profile.Utf8($"{caller}"))));
            }
        })));
        Assert.Equal(400, await store.Verify());
    }

    private async Task<LocalStore> OpenAsync(HeldWorker worker)
    {
        Task<LocalStore> opening = _profile.CreateAsync(Profile.Options with { Worker = worker });
        worker.RunAll();
        return await opening;
    }

    /// <summary>Works when it is told to; when it is not held, at once.</summary>
    private sealed class HeldWorker : IStoreWorker
    {
        private readonly Queue<Action> _work = [];

        public bool IsHeld { get; set; } = true;

        public void Run(Action work)
        {
            _work.Enqueue(work);
            if (!IsHeld)
            {
                RunAll();
            }
        }

        public void RunAll()
        {
            while (_work.TryDequeue(out Action? work))
            {
                work();
            }
        }
    }
}
