#pragma warning disable CA1416 // what asks for modes is skipped on Windows
using Quicprochat.Crypto;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;
using Quicprochat.Sdk.Store.Sealing;
using SQLitePCL;

namespace Quicprochat.Sdk.Tests.Store;

public sealed class LocalStoreTests : IDisposable
{
    private readonly Profile _profile = new();

    public void Dispose() => _profile.Dispose();

    [Fact]
    public async Task What_was_stored_is_there_after_it_is_opened_again()
    {
        await using (LocalStore store = await _profile.CreateAsync())
        {
            await store.Write(static tx =>
            {
                tx.Settings.PutText("server", "example.org:5001");
                Assert.True(tx.Messages.TryAdd(Profile.Message("c", "1", "hello")));
                tx.Mailbox.Put(new MailboxRow { Cursor = 17 });
            });
        }
        await using LocalStore again = await _profile.OpenAsync();
        await again.Read(static tx =>
        {
            Assert.Equal("example.org:5001", tx.Settings.FindText("server"));
            Assert.Equal("hello", Assert.Single(tx.Messages.After("c"u8, 0, 10)).Body.ToStringUtf8());
            Assert.Equal(17ul, tx.Mailbox.Read().Cursor);
            return true;
        });
        Assert.Equal(3, await again.Verify());
    }

    [Fact]
    public async Task A_wrong_passphrase_is_named_and_harms_nothing()
    {
        await (await _profile.CreateAsync()).DisposeAsync();
        await _profile.AssertRefusedAsync(StoreErrorCode.WrongKey, StoreKey.FromPassphrase("A passphrase of a test"));
        await using LocalStore store = await _profile.OpenAsync();
    }

    [Fact]
    public async Task A_store_of_a_key_does_not_ask_for_a_passphrase_nor_the_other_way_round()
    {
        byte[] bytes = new byte[32];
        SystemRandomSource.Instance.Fill(bytes);
        using StoreKey key = StoreKey.FromBytes(bytes);
        await (await LocalStore.CreateAsync(_profile.Folder, key, Profile.Options)).DisposeAsync();
        await _profile.AssertRefusedAsync(StoreErrorCode.WrongKeyKind);
        bytes[31] ^= 1;
        await _profile.AssertRefusedAsync(StoreErrorCode.WrongKey, StoreKey.FromBytes(bytes));
        await (await _profile.OpenAsync(key: key)).DisposeAsync();

        using var other = new Profile();
        await (await other.CreateAsync()).DisposeAsync();
        await other.AssertRefusedAsync(StoreErrorCode.WrongKeyKind, key);
    }

    [Fact]
    public async Task A_changed_passphrase_opens_what_was_there_and_the_old_one_does_not_even_from_old_bytes()
    {
        byte[] oldHeader;
        await using (LocalStore store = await _profile.CreateAsync())
        {
            await store.Write(static tx => tx.Settings.PutText("name", "value"));
            oldHeader = ReadHeader(store);
            await store.TruncateAsync();
            Assert.True(_profile.Contains(oldHeader));
            await store.ChangeKey(StoreKey.FromPassphrase("another"));

            // While it is still open, in the database and in its log.
            Assert.False(_profile.Contains(oldHeader));
            Assert.False(_profile.Contains(oldHeader.AsSpan(^48..)));
        }
        await _profile.AssertRefusedAsync(StoreErrorCode.WrongKey);
        await using LocalStore again = await _profile.OpenAsync(key: StoreKey.FromPassphrase("another"));
        Assert.Equal("value", await again.Read(static tx => tx.Settings.FindText("name")));
        await again.ChangeKey(StoreKey.FromBytes(new byte[32]));
        await again.DisposeAsync();
        await _profile.AssertRefusedAsync(StoreErrorCode.WrongKeyKind);
        await (await _profile.OpenAsync(key: StoreKey.FromBytes(new byte[32]))).DisposeAsync();
    }

    [Fact]
    public async Task The_cost_is_that_of_the_store_and_not_of_who_opens_it()
    {
        await (await _profile.CreateAsync()).DisposeAsync();
        await using LocalStore store = await _profile.OpenAsync(Profile.Options with { PassphraseCost = new PassphraseCost(128, 2) });
    }

    [Fact]
    public async Task No_store_and_a_second_store_are_named()
    {
        Assert.False(LocalStore.Exists(_profile.Folder));
        await _profile.AssertRefusedAsync(StoreErrorCode.NotFound);
        Assert.False(Directory.Exists(_profile.Folder));
        await (await _profile.CreateAsync()).DisposeAsync();
        Assert.True(LocalStore.Exists(_profile.Folder));
        StoreException exception = await Assert.ThrowsAsync<StoreException>(() => _profile.CreateAsync());
        Assert.Equal(StoreErrorCode.AlreadyExists, exception.Code);
        await (await _profile.OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_store_whose_making_was_cut_off_is_none_and_is_made_again()
    {
        Directory.CreateDirectory(_profile.Folder);
        await File.WriteAllBytesAsync(_profile.Database, [], TestContext.Current.CancellationToken);
        await _profile.AssertRefusedAsync(StoreErrorCode.NotFound);
        await (await _profile.CreateAsync()).DisposeAsync();
        await (await _profile.OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_left_alone()
    {
        await using (LocalStore store = await _profile.CreateAsync())
        {
            store.Database.Execute("PRAGMA user_version=2");
        }
        byte[] before = await File.ReadAllBytesAsync(_profile.Database, TestContext.Current.CancellationToken);
        await _profile.AssertRefusedAsync(StoreErrorCode.NewerVersion);
        Assert.Equal(before, await File.ReadAllBytesAsync(_profile.Database, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        await using (LocalStore store = await _profile.CreateAsync())
        {
            store.Database.Execute("PRAGMA application_id=1");
        }
        await _profile.AssertRefusedAsync(StoreErrorCode.Damaged);
    }

    [Fact]
    public async Task Only_the_owner_can_look_into_the_folder_and_its_files()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no modes");
        Directory.CreateDirectory(_profile.Folder, (UnixFileMode)0b111_111_111);
        await using LocalStore store = await _profile.CreateAsync();
        await store.Write(static tx => tx.Settings.PutText("name", "value"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_profile.Folder));
        string[] files = Directory.GetFiles(_profile.Folder);
        Assert.Equal(["store.db", "store.db-wal", "store.lock", "store.pid"], files.Select(Path.GetFileName).Order());
        Assert.All(files, static file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task The_database_syncs_every_commit_and_overwrites_what_it_deletes()
    {
        await using LocalStore store = await _profile.CreateAsync();
        Assert.Equal(2, store.Database.QueryInteger("PRAGMA synchronous"));
        Assert.Equal(1, store.Database.QueryInteger("PRAGMA secure_delete"));
        Assert.Equal(2, store.Database.QueryInteger("PRAGMA temp_store"));
        Assert.True(File.Exists(_profile.Database + "-wal"));
    }

    [Fact]
    public async Task A_store_is_held_by_one_at_a_time()
    {
        await using (LocalStore store = await _profile.CreateAsync())
        {
            StoreException exception = await _profile.AssertRefusedAsync(StoreErrorCode.InUse);
            Assert.Contains($"process {Environment.ProcessId}", exception.Message, StringComparison.Ordinal);
            await store.Write(static tx => tx.Settings.PutText("name", "value"));
        }
        await using LocalStore again = await _profile.OpenAsync();
        Assert.Equal("value", await again.Read(static tx => tx.Settings.FindText("name")));
    }

    [Fact]
    public async Task What_is_asked_for_before_the_end_is_done_and_nothing_after_it()
    {
        LocalStore store = await _profile.CreateAsync();
        Task[] writes = [.. Enumerable.Range(0, 50).Select(number => store.Write(tx => tx.Settings.PutText($"{number}", "value")))];
        ValueTask closing = store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Write(static tx => tx.Settings.PutText("late", "value")));
        await closing;
        await Task.WhenAll(writes);
        await store.DisposeAsync();
        await using LocalStore again = await _profile.OpenAsync();
        Assert.Equal(50, await again.Verify());
    }

    [Fact]
    public async Task A_restored_copy_shows_the_cursor_it_was_made_with()
    {
        await using LocalStore store = await _profile.CreateAsync();
        await store.Write(static tx => tx.Mailbox.Put(new MailboxRow { Cursor = 5, Acknowledged = 5 }));
        using Profile copy = _profile.Copy();
        await store.Write(static tx => tx.Mailbox.Put(new MailboxRow { Cursor = 9, Acknowledged = 9 }));

        // The server answers with what was acknowledged: 9. That is how the device sees that its store was rolled back.
        await using LocalStore restored = await copy.OpenAsync();
        Assert.Equal(5ul, (await restored.Read(static tx => tx.Mailbox.Read())).Cursor);
    }

    private static byte[] ReadHeader(LocalStore store)
    {
        raw.sqlite3_prepare_v2(store.Database.Handle, "SELECT bytes FROM header", out sqlite3_stmt statement);
        using (statement)
        {
            Assert.Equal(raw.SQLITE_ROW, raw.sqlite3_step(statement));
            return raw.sqlite3_column_blob(statement, 0).ToArray();
        }
    }
}
