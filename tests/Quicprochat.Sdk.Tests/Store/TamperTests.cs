using System.Security.Cryptography;
using Google.Protobuf;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;
using SQLitePCL;

namespace Quicprochat.Sdk.Tests.Store;

/// <summary>Somebody who can write the files, and has not the key.</summary>
public sealed class TamperTests : IDisposable
{
    private readonly Profile _profile = new();

    public void Dispose() => _profile.Dispose();

    [Theory]
    [InlineData("UPDATE messages SET sealed = (SELECT sealed FROM messages WHERE number = 2) WHERE number = 1")]
    [InlineData("UPDATE messages SET number = 9 WHERE number = 1")]
    [InlineData("UPDATE messages SET owner = (SELECT owner FROM messages WHERE number = 3) WHERE number = 1")]
    [InlineData("UPDATE messages SET key = randomblob(16) WHERE number = 1")]
    [InlineData("UPDATE messages SET owner = owner || x'00' WHERE number = 1")]
    [InlineData("UPDATE messages SET sealed = substr(sealed, 1, length(sealed) - 1) WHERE number = 1")]
    [InlineData("UPDATE messages SET sealed = x'' WHERE number = 1")]
    [InlineData("UPDATE messages SET sealed = x'02' || substr(sealed, 2) WHERE number = 1")]
    [InlineData("INSERT INTO held SELECT * FROM messages WHERE number = 1")]
    [InlineData("INSERT INTO contacts SELECT owner, key, sealed FROM settings LIMIT 1")]
    [InlineData("INSERT INTO settings SELECT owner, key, sealed FROM messages LIMIT 1")]
    [InlineData("UPDATE OR REPLACE settings SET key = (SELECT min(key) FROM settings)")]
    public async Task A_row_that_was_touched_or_moved_is_found(string sql)
    {
        await FillAsync();
        await AlterAsync(sql);
        await using LocalStore store = await _profile.OpenAsync();
        StoreException exception = await Assert.ThrowsAsync<StoreException>(store.Verify);
        Assert.Equal(StoreErrorCode.Damaged, exception.Code);
    }

    [Fact]
    public async Task A_read_of_a_touched_row_says_so_and_the_others_are_still_readable()
    {
        await FillAsync();
        await AlterAsync("UPDATE messages SET sealed = (SELECT sealed FROM messages WHERE number = 2) WHERE number = 1");
        await using LocalStore store = await _profile.OpenAsync();
        StoreException exception = await Assert.ThrowsAsync<StoreException>(() => store.Read(static tx => tx.Messages.Find(1)));
        Assert.Equal(StoreErrorCode.Damaged, exception.Code);
        Assert.Equal("two", (await store.Read(static tx => tx.Messages.Find(2)))!.Body.ToStringUtf8());
        await store.Write(static tx => tx.Settings.PutText("still", "writable"));
    }

    [Fact]
    public async Task Every_flipped_bit_of_a_sealed_row_is_found()
    {
        await FillAsync();
        await using LocalStore store = await _profile.OpenAsync();
        store.Database.Execute("PRAGMA synchronous=OFF");
        byte[] row = ReadSealed(store);
        foreach (int bit in Enumerable.Range(0, row.Length * 8))
        {
            row[bit / 8] ^= (byte)(1 << (bit % 8));
            WriteSealed(store, row);
            await Assert.ThrowsAsync<StoreException>(() => store.Read(static tx => tx.Messages.Find(1)));
            row[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        WriteSealed(store, row);
        Assert.NotNull(await store.Read(static tx => tx.Messages.Find(1)));
    }

    [Fact]
    public async Task A_header_that_asks_for_less_work_does_not_open_and_one_that_asks_for_too_much_is_refused_unread()
    {
        await FillAsync();
        await AlterAsync("UPDATE header SET bytes = substr(bytes, 1, 9) || x'02' || substr(bytes, 11)");
        await _profile.AssertRefusedAsync(StoreErrorCode.WrongKey);
        await AlterAsync("UPDATE header SET bytes = substr(bytes, 1, 2) || x'7fffffff' || substr(bytes, 7)");
        await _profile.AssertRefusedAsync(StoreErrorCode.Damaged);
        await AlterAsync("UPDATE header SET bytes = substr(bytes, 1, 2) || x'00000040ffffffff' || substr(bytes, 11)");
        await _profile.AssertRefusedAsync(StoreErrorCode.Damaged);
        await AlterAsync("UPDATE header SET bytes = x'01'");
        await _profile.AssertRefusedAsync(StoreErrorCode.Damaged);
        await AlterAsync("DELETE FROM header");
        await _profile.AssertRefusedAsync(StoreErrorCode.Damaged);
    }

    [Fact]
    public async Task A_database_that_is_no_database_is_named()
    {
        Directory.CreateDirectory(_profile.Folder);
        await File.WriteAllBytesAsync(_profile.Database, RandomNumberGenerator.GetBytes(8192), TestContext.Current.CancellationToken);
        await _profile.AssertRefusedAsync(StoreErrorCode.Damaged);
        StoreException exception = await Assert.ThrowsAsync<StoreException>(() => _profile.CreateAsync());
        Assert.Equal(StoreErrorCode.Damaged, exception.Code);
    }

    [Fact]
    public async Task Pages_that_were_overwritten_or_cut_off_give_a_named_error_or_the_truth()
    {
        await FillAsync(100);
        byte[] intact = await File.ReadAllBytesAsync(_profile.Database, TestContext.Current.CancellationToken);
        int refused = 0;
        for (int page = 0; page < intact.Length / 4096; page++)
        {
            byte[] damaged = [.. intact];
            RandomNumberGenerator.Fill(damaged.AsSpan(page * 4096, 4096));
            refused += await IsRefusedAsync(damaged) ? 1 : 0;
            refused += await IsRefusedAsync(intact[..(page * 4096)]) ? 1 : 0;
        }
        // Free pages may hold anything; there is at most a handful.
        Assert.InRange(refused, (2 * intact.Length / 4096) - 6, 2 * intact.Length / 4096);
        Assert.False(await IsRefusedAsync(intact));
    }

    private async Task<bool> IsRefusedAsync(byte[] bytes)
    {
        using var copy = new Profile();
        Directory.CreateDirectory(copy.Folder);
        await File.WriteAllBytesAsync(copy.Database, bytes);
        try
        {
            await using LocalStore store = await copy.OpenAsync();
            await store.Verify();
            return false;
        }
        catch (StoreException exception)
        {
            Assert.Contains(exception.Code, new[] { StoreErrorCode.Damaged, StoreErrorCode.NotFound, StoreErrorCode.InputOutput });
            return true;
        }
    }

    private async Task FillAsync(int more = 0)
    {
        await using LocalStore store = await _profile.CreateAsync();
        await store.Write(tx =>
        {
            Assert.True(tx.Messages.TryAdd(Profile.Message("c", "1", "one")));
            Assert.True(tx.Messages.TryAdd(Profile.Message("c", "2", "two")));
            Assert.True(tx.Messages.TryAdd(Profile.Message("d", "1", "three")));
            tx.Settings.PutText("a", "1");
            tx.Settings.PutText("b", "2");
            tx.Held.TryAdd(new HeldEnvelopeRow { GroupId = ByteString.CopyFromUtf8("g"), Sequence = 99 });
            tx.Held.Remove(1);
            for (int i = 0; i < more; i++)
            {
                Assert.True(tx.Messages.TryAdd(Profile.Message("c", $"more {i}", new string('x', 200))));
            }
        });
    }

    private Task AlterAsync(string sql)
    {
        // Closing takes the database apart as an attacker finds it: no lock, no log.
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(_profile.Database, out sqlite3 handle));
        using (handle)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(handle, sql));
            Assert.True(raw.sqlite3_changes(handle) > 0);
        }
        return Task.CompletedTask;
    }

    private static byte[] ReadSealed(LocalStore store)
    {
        using Sdk.Store.Sqlite.Statement statement = store.Database.PrepareOnce("SELECT sealed FROM messages WHERE number = 1");
        Assert.True(statement.Step());
        return statement.Blob(0).ToArray();
    }

    private static void WriteSealed(LocalStore store, byte[] row)
    {
        using Sdk.Store.Sqlite.Statement statement = store.Database.PrepareOnce("UPDATE messages SET sealed = ?1 WHERE number = 1");
        statement.Bind(1, row).Run();
    }
}
