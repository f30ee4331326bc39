#pragma warning disable CA1416 // what asks for modes is skipped on Windows
using System.Runtime.InteropServices;
using Quicprochat.Mls;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Workers;
using SQLitePCL;

namespace Quicprochat.Sdk.Tests.Store;

/// <summary>What cannot be stored is not stored, at whatever point it fails, and memory does not pretend that it was.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly Profile _alice = new();
    private readonly Profile _bob = new();

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public async Task A_message_its_group_and_the_cursor_are_stored_together_wherever_storing_them_fails()
    {
        await using StoredClient alice = await StoredClient.CreateAsync(_alice.Folder);
        await using StoredClient bob = await StoredClient.CreateAsync(_bob.Folder);
        await bob.JoinAsync(await alice.BeginAsync("alice", await bob.PublishAsync("bob")));
        byte[] commit = await alice.CommitAsync();
        byte[] text = await alice.Store.Write(tx => alice.Find(tx).Protect("once"u8));
        await TryEverywhereAsync(bob, 1, commit);
        await TryEverywhereAsync(bob, 2, text);
        Assert.Equal(["once"], await bob.HistoryAsync());
        Assert.Equal(await alice.AuthenticatorAsync(), await bob.AuthenticatorAsync());
    }

    [Fact]
    public async Task When_the_commit_fails_all_that_share_it_fail_and_the_next_ones_do_not()
    {
        await using LocalStore store = await _alice.CreateAsync();
        int refusals = 1;
        raw.sqlite3_commit_hook(store.Database.Handle, _ => refusals-- > 0 ? 1 : 0, null);
        List<string> undone = [];
        Task first = null!, second = null!;

        // Both wait while this one runs, so they are one batch.
        await store.Read(_ =>
        {
            first = store.Write(tx => { tx.OnRollback(() => undone.Add("first")); tx.Settings.PutText("first", "1"); });
            second = store.Write(tx => { tx.OnRollback(() => undone.Add("second")); tx.Settings.PutText("second", "2"); });
        });
        await Assert.ThrowsAsync<StoreException>(() => first);
        await Assert.ThrowsAsync<StoreException>(() => second);
        Assert.Equal(["second", "first"], undone);
        await store.Write(static tx => tx.Settings.PutText("third", "3"));
        Assert.Equal((null, null, "3"), await store.Read(static tx => (tx.Settings.FindText("first"), tx.Settings.FindText("second"), tx.Settings.FindText("third"))));
    }

    [Fact]
    public async Task A_full_disk_is_named_and_nothing_that_was_stored_is_lost()
    {
        int stored = 0;
        StoreException exception;
        await using (LocalStore store = await _alice.CreateAsync(Profile.Options with { PagesMax = 120 }))
        {
            exception = await Assert.ThrowsAsync<StoreException>(async () =>
            {
                while (stored < 1000)
                {
                    await store.Write(tx =>
                    {
                        Assert.True(tx.Messages.TryAdd(Profile.Message("c", $"{stored}", new string('x', 3000))));
                        tx.Settings.PutText("stored", $"{stored + 1}");
                    });
                    stored++;
                }
            });
            await AssertIntact(store, stored);
        }
        Assert.Equal(StoreErrorCode.DiskFull, exception.Code);
        Assert.True(stored > 10);
        await using LocalStore again = await _alice.OpenAsync();
        await AssertIntact(again, stored);
        await again.Write(static tx => Assert.True(tx.Messages.TryAdd(Profile.Message("c", "there is room again"))));
    }

    [Fact]
    public async Task One_call_that_fills_the_disk_does_not_take_others_of_its_batch_with_it_unless_sqlite_does()
    {
        await using LocalStore store = await _alice.CreateAsync(Profile.Options with { PagesMax = 120 });
        Task small = null!, large = null!, after = null!;
        await store.Read(_ =>
        {
            small = store.Write(static tx => tx.Settings.PutText("small", "1"));
            large = store.Write(static tx => Assert.True(tx.Messages.TryAdd(Profile.Message("c", "1", new string('x', 1 << 20)))));
            after = store.Write(static tx => tx.Settings.PutText("after", "2"));
        });
        StoreException exception = await Assert.ThrowsAsync<StoreException>(() => large);
        Assert.Equal(StoreErrorCode.DiskFull, exception.Code);
        await after;
        bool smallStored = (await Task.WhenAny(small)).IsCompletedSuccessfully;
        Assert.Equal(smallStored ? "1" : null, await store.Read(static tx => tx.Settings.FindText("small")));
        Assert.Equal("2", await store.Read(static tx => tx.Settings.FindText("after")));
        Assert.Equal(0, await store.Read(static tx => tx.Messages.Count("c"u8)));
    }

    [Fact]
    public async Task A_store_that_cannot_even_undo_stops_and_what_was_stored_is_there_when_it_is_opened_again()
    {
        // On this thread, so that the failures end when the undoing has failed too.
        LocalStore store = await _alice.CreateAsync(Profile.Options with { Worker = InlineWorker.Instance });
        await store.Write(static tx => tx.Settings.PutText("a", "1"));
        FailingSteps failing = await FailingSteps.OfAsync(store, goesOn: true);
        bool stopped = false;
        for (int steps = 1; !stopped && steps < 1000; steps++)
        {
            failing.FailAfter(steps);
            await Assert.ThrowsAsync<StoreException>(() => store.Write(static tx => tx.Settings.PutText("a", "2")));
            failing.Stop();
            stopped = !await IsStoredAsync(store.Read(static tx => tx.Settings.FindText("a")));
        }
        Assert.True(stopped);
        await Assert.ThrowsAsync<StoreException>(() => store.Write(static tx => tx.Settings.PutText("a", "3")));
        await store.DisposeAsync();
        await using LocalStore again = await _alice.OpenAsync();
        Assert.Equal("1", await again.Read(static tx => tx.Settings.FindText("a")));
    }

    [Fact]
    public async Task A_function_that_swallows_the_error_does_not_get_its_way()
    {
        await using LocalStore store = await _alice.CreateAsync();
        int calls = 0;
        Task swallowing = store.Write(tx =>
        {
            tx.Settings.PutText("a", "1");
            raw.sqlite3_progress_handler(store.Database.Handle, 1, _ => 1, null);
            try
            {
                tx.Settings.PutText("b", "2");
            }
            catch (StoreException)
            {
                calls++;
            }
            raw.sqlite3_progress_handler(store.Database.Handle, 0, null, null);
        });
        await Assert.ThrowsAsync<StoreException>(() => swallowing);
        Assert.Equal(1, calls);
        Assert.Equal((null, null), await store.Read(static tx => (tx.Settings.FindText("a"), tx.Settings.FindText("b"))));
        await store.Write(static tx => tx.Settings.PutText("a", "3"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_folder_that_may_only_be_read_is_named(bool exists)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        Directory.CreateDirectory(_alice.Folder);
        if (exists)
        {
            await (await _alice.CreateAsync()).DisposeAsync();
        }
        StoreException? exception = null;
        var thread = new Thread(() => exception = WithoutRights(() =>
        {
            LocalStoreOptions options = Profile.Options with { Worker = InlineWorker.Instance };
            Task<LocalStore> opening = exists ? _alice.OpenAsync(options) : LocalStore.CreateAsync(Path.Combine(_alice.Folder, "new"), Profile.Key, options);
            return (StoreException)opening.Exception!.InnerException!;
        }));
        thread.Start();
        thread.Join();
        Assert.True(StoreErrorCode.ReadOnly == exception!.Code, exception.ToString());
        if (exists)
        {
            await (await _alice.OpenAsync()).DisposeAsync();
        }
    }

    /// <summary>Runs with the folder readable and nothing writable, also when the tests run as root.</summary>
    private StoreException WithoutRights(Func<StoreException> function)
    {
        const uint Nobody = 65534;
        DirectoryInfo[] folders = [new(_alice.Folder), new(Path.GetDirectoryName(_alice.Folder)!)];
        const UnixFileMode ReadableFile = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode Readable = ReadableFile | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        foreach (DirectoryInfo folder in folders)
        {
            folder.UnixFileMode = Readable;
        }
        foreach (FileInfo file in folders[0].GetFiles())
        {
            file.UnixFileMode = ReadableFile;
        }
        // Only this thread's rights to files: nothing else in the process notices.
        uint before = setfsuid(Nobody);
        try
        {
            return function();
        }
        finally
        {
            _ = setfsuid(before);
            foreach (DirectoryInfo folder in folders)
            {
                folder.UnixFileMode = Readable | UnixFileMode.UserWrite;
            }
            foreach (FileInfo file in folders[0].GetFiles())
            {
                file.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
        }
    }

    /// <summary>Receives again and again, and lets SQLite fail one step later each time, until it does not fail any more.</summary>
    private static async Task TryEverywhereAsync(StoredClient client, ulong sequence, byte[] payload)
    {
        byte[] authenticator = await client.AuthenticatorAsync();
        string[] history = await client.HistoryAsync();
        int failures = 0;
        FailingSteps failing = await FailingSteps.OfAsync(client.Store);
        for (int steps = 0; ; steps++)
        {
            failing.FailAfter(steps);
            bool stored = await IsStoredAsync(client.ReceiveAsync(sequence, payload));
            failing.Stop();
            if (stored)
            {
                break;
            }
            failures++;
            if (await client.CursorAsync() == sequence)
            {
                // SQLite was interrupted behind the effect of COMMIT: then all of it is there. Only a test can interrupt it.
                break;
            }
            Assert.Equal(sequence - 1, await client.CursorAsync());
            Assert.Equal(authenticator, await client.AuthenticatorAsync());
            Assert.Equal(history, await client.HistoryAsync());
        }
        Assert.True(failures > 20, $"only {failures} points of failure were found");
        Assert.Equal(sequence, await client.CursorAsync());
    }

    private static async Task<bool> IsStoredAsync(Task storing)
    {
        try
        {
            await storing;
            return true;
        }
        catch (StoreException)
        {
            return false;
        }
        catch (MlsException)
        {
            throw new InvalidOperationException("A failure of the store must not look like a bad message.");
        }
    }

    private static async Task AssertIntact(LocalStore store, int stored)
    {
        Assert.Equal(stored, await store.Read(static tx => tx.Messages.Count("c"u8)));
        Assert.Equal($"{stored}", await store.Read(static tx => tx.Settings.FindText("stored")));
        Assert.Equal(stored + 1, await store.Verify());
    }

    [DllImport("libc")]
    private static extern uint setfsuid(uint uid);
}
