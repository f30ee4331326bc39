using Quicprochat.Server.Storage;
using Quicprochat.Server.Storage.Sqlite;

namespace Quicprochat.Server.Tests.Storage;

/// <summary>Transactions that callers share, what happens when one fails, and giving up.</summary>
public sealed class SqliteWriteTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Callers_share_a_transaction()
    {
        await using SqliteStore store = SqliteStore.Open(new SqliteStoreOptions { Path = _folder.Database });
        var world = new StoreWorld(store);
        using var gate = new ManualResetEventSlim();
        Task held = HoldWriterAsync(store, gate);
        Task[] waiting = [.. Enumerable.Range(0, 20).Select(i => world.PersonAsync($"person{i}@x"))];
        Assert.Equal(0, (await store.ReadFiguresAsync(Token)).Accounts);
        gate.Set();
        await held;

        // The transaction that answered the first holds all of them.
        Assert.Equal(20, (await store.ReadFiguresAsync(Token)).Accounts);
        await Task.WhenAll(waiting);
    }

    [Theory]
    [InlineData("INSERT INTO account (name, key, version) VALUES ('half', x'01', 1); SELECT nothing FROM nowhere")]
    [InlineData("PRAGMA defer_foreign_keys = ON; INSERT INTO account (name, key, version) VALUES ('half', x'01', 1); INSERT INTO device_list VALUES (999, 1, x'', x'', x'')")]
    public async Task Who_fails_alone_takes_nobody_along(string statements)
    {
        await using SqliteStore store = SqliteStore.Open(new SqliteStoreOptions { Path = _folder.Database });
        var world = new StoreWorld(store);
        DeviceAddress alice = await world.PersonAsync("alice@x");
        DeviceAddress bob = await world.PersonAsync("bob@x");
        TestGroup group = await world.GroupAsync(alice, bob);
        long start = (await world.StateAsync(bob)).Newest;
        using var gate = new ManualResetEventSlim();
        Task held = HoldWriterAsync(store, gate);
        Task[] before = [.. Enumerable.Range(0, 5).Select(_ => world.SendAsync(group, alice))];
        Task<bool> failing = store.WriteAsync(
            session =>
            {
                session.Database.Execute(statements);
                return true;
            },
            Token).AsTask();
        Task[] after = [.. Enumerable.Range(0, 5).Select(_ => world.SendAsync(group, alice))];
        using IMailboxReader reader = (await store.OpenMailboxAsync(bob, start, Token))!;
        gate.Set();
        await held;
        await Task.WhenAll([.. before, .. after]);
        Assert.Equal(StorageFault.Internal, (await Assert.ThrowsAsync<StorageException>(() => failing)).Fault);
        Assert.Null(await store.FindAccountAsync("half", Token));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => start + i), (await world.MailboxAsync(bob, start)).Select(envelope => envelope.Sequence));
        var read = new List<long>();
        while (read.Count < 10)
        {
            read.AddRange((await reader.ReadNextAsync(StoreWorld.Wide, Token)).Select(envelope => envelope.Sequence));
        }
        Assert.Equal(Enumerable.Range(1, 10).Select(i => start + i), read);
    }

    [Fact]
    public async Task A_full_disk_loses_nothing_and_space_makes_it_work_again()
    {
        await using SqliteStore store = SqliteStore.Open(new SqliteStoreOptions { Path = _folder.Database, PagesMax = 120 });
        var world = new StoreWorld(store);
        DeviceAddress alice = await world.PersonAsync("alice@x");
        DeviceAddress bob = await world.PersonAsync("bob@x");
        TestGroup group = await world.GroupAsync(alice, bob);
        var stored = new List<MessageId>();
        StorageException? full = null;
        while (full is null)
        {
            NewMessage[] messages = [.. Enumerable.Range(0, 10).Select(_ => world.Message(group, alice, length: 3000))];
            foreach ((NewMessage message, Task<SendResult> sending) in messages.Select(message => (message, world.SendAsync(message).AsTask())).ToArray())
            {
                try
                {
                    Assert.Equal(SendStatus.Stored, (await sending).Status);
                    stored.Add(message.Id);
                }
                catch (StorageException failure)
                {
                    full = failure;
                }
            }
        }
        Assert.Equal(StorageFault.DiskFull, full.Fault);
        Assert.Equal(stored.Order(MessageIdOrder), (await world.MailboxAsync(bob)).Select(envelope => envelope.Message.Id).OfType<MessageId>().Order(MessageIdOrder));
        await world.EmptyAsync(bob);
        await world.SendAsync(group, alice, length: 3000);
        Assert.Single(await world.MailboxAsync(bob));
    }

    [Fact]
    public async Task Who_gives_up_in_the_queue_has_nothing_done()
    {
        await using SqliteStore store = SqliteStore.Open(new SqliteStoreOptions { Path = _folder.Database });
        var world = new StoreWorld(store);
        using var gate = new ManualResetEventSlim();
        using var gone = new CancellationTokenSource();
        Task held = HoldWriterAsync(store, gate);
        Task<RegisterResult> waiting = store.RegisterAsync(world.List("alice@x", world.NewDeviceId()), null, world.NowMs, gone.Token).AsTask();
        await gone.CancelAsync();

        // The writer is still held: it is the wait that ends.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        gate.Set();
        await held;
        await world.PersonAsync("bob@x");
        Assert.Null(await store.FindAccountAsync("alice@x", Token));
    }

    [Fact]
    public async Task Who_gives_up_stops_the_query()
    {
        await using SqliteStore store = SqliteStore.Open(new SqliteStoreOptions { Path = _folder.Database, Readers = 1 });
        using var gone = new CancellationTokenSource();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<long> endless = store.ReadAsync(
            session =>
            {
                started.SetResult();
                return session.Database.Int64("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
            },
            gone.Token).AsTask();
        await started.Task;
        Assert.False(endless.IsCompleted);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless);

        // The one reader is free again, and the next query is not the one that is stopped.
        Assert.Null(await store.FindAccountAsync("alice@x", Token));
    }

    [Fact]
    public async Task A_full_queue_lets_callers_wait()
    {
        await using SqliteStore store = SqliteStore.Open(new SqliteStoreOptions { Path = _folder.Database, QueueMax = 2 });
        var world = new StoreWorld(store);
        using var gate = new ManualResetEventSlim();
        Task held = HoldWriterAsync(store, gate);
        Task<DeviceAddress>[] waiting = [.. Enumerable.Range(0, 10).Select(i => world.PersonAsync($"person{i}@x"))];
        using var gone = new CancellationTokenSource();
        Task<RegisterResult> outside = store.RegisterAsync(world.List("alice@x", world.NewDeviceId()), null, world.NowMs, gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => outside);
        gate.Set();
        await held;
        await Task.WhenAll(waiting);
    }

    private static Comparer<MessageId> MessageIdOrder { get; } = Comparer<MessageId>.Create((left, right) => left.Value.CompareTo(right.Value));

    // Keeps the writer within a transaction; returns when it is.
    private static Task HoldWriterAsync(SqliteStore store, ManualResetEventSlim gate)
    {
        using var entered = new ManualResetEventSlim();
        Task held = store.WriteAsync(
            _ =>
            {
                entered.Set();
                gate.Wait(Token);
                return true;
            },
            Token).AsTask();
        entered.Wait(Token);
        return held;
    }
}
