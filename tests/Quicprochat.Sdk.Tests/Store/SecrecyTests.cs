using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Tests.Store;

/// <summary>What somebody sees who has the files: nothing of what they are about, and nothing of what was deleted, not even sealed.</summary>
public sealed class SecrecyTests : IDisposable
{
    private readonly Profile _profile = new();

    public void Dispose() => _profile.Dispose();

    [Fact]
    public async Task No_name_text_id_or_key_is_in_any_file()
    {
        byte[] accountKey = RandomNumberGenerator.GetBytes(32);
        byte[] groupId = RandomNumberGenerator.GetBytes(16);
        byte[] messageId = RandomNumberGenerator.GetBytes(16);
        byte[] payload = RandomNumberGenerator.GetBytes(64);
        await using LocalStore store = await _profile.CreateAsync();
        await store.Write(tx =>
        {
            tx.Settings.Put("account-key", accountKey);
            tx.Settings.PutText("account", "alice@example.org");
            tx.Contacts.Put(new ContactRow { Account = "bob@example.org", AccountKey = ByteString.CopyFrom(accountKey) });
            tx.Conversations.Put(new ConversationRow { Id = ByteString.CopyFrom(messageId), GroupId = ByteString.CopyFrom(groupId), Title = "surprise party" });
            var message = new MessageRow { ConversationId = ByteString.CopyFrom(groupId), MessageId = ByteString.CopyFrom(messageId), Sender = "bob@example.org", Body = ByteString.CopyFromUtf8("the cake is in the cellar") };
            Assert.True(tx.Messages.TryAdd(message));
            tx.Receipts.Put(new ReceiptRow { ConversationId = ByteString.CopyFrom(groupId), MessageId = ByteString.CopyFrom(messageId), Recipient = "carol@example.org" });
            Assert.True(tx.Outbox.TryAdd(
                new OutboxRow { Lane = ByteString.CopyFrom(groupId), MessageId = ByteString.CopyFrom(messageId), Payload = ByteString.CopyFrom(payload) },
                new OutboxStateRow { Error = "server.draining" }));
            tx.LogPositions.Put(new LogPositionRow { GroupId = ByteString.CopyFrom(groupId), Roster = { new RosterDevice { Account = "dora@example.org" } } });
            tx.PendingCommits.Put(new PendingCommitRow { GroupId = ByteString.CopyFrom(groupId), Commit = ByteString.CopyFrom(payload) });
            Assert.True(tx.Held.TryAdd(new HeldEnvelopeRow { GroupId = ByteString.CopyFrom(groupId), Sequence = 1, Envelope = ByteString.CopyFrom(payload) }));
            tx.Records.Put("kind-of-record", messageId, payload);
            tx.Journal.TryAdd("kind-of-journal", groupId, messageId, payload);
        });
        await AssertHidden(store);
        await store.TruncateAsync();
        await AssertHidden(store);
        await store.DisposeAsync();
        await AssertHidden(null);

        async Task AssertHidden(LocalStore? open)
        {
            string[] texts = ["example.org", "alice", "bob@", "carol@", "dora@", "surprise", "cake", "account", "kind-of", "draining", Profile.Passphrase];
            Assert.All(texts, text => Assert.False(_profile.Contains(Profile.Utf8(text)), text));
            byte[][] secrets = [accountKey, groupId, messageId, payload, accountKey[..8], groupId[..8], messageId[..8], payload[..8]];
            Assert.All(secrets, secret => Assert.False(_profile.Contains(secret)));

            // The search finds what is there.
            Assert.True(_profile.Contains("CREATE TABLE"u8));
            if (open is not null)
            {
                await open.Read(tx => Assert.Equal(accountKey, tx.Settings.Find("account-key")));
            }
        }
    }

    [Fact]
    public async Task The_same_content_is_never_the_same_row_and_names_do_not_tell_what_belongs_together()
    {
        await using LocalStore store = await _profile.CreateAsync();
        await store.Write(static tx =>
        {
            tx.Records.Put("a", "key"u8, "value"u8);
            tx.Records.Put("b", "key"u8, "value"u8);
            tx.Settings.Put("key", "value"u8);
        });
        Assert.Equal(3, Distinct(store, "SELECT sealed FROM records UNION SELECT sealed FROM settings"));
        Assert.Equal(3, Distinct(store, "SELECT key FROM records UNION SELECT key FROM settings"));
        byte[] before = Column(store, "SELECT sealed FROM settings");
        await store.Write(static tx => tx.Settings.Put("key", "value"u8));
        Assert.NotEqual(before, Column(store, "SELECT sealed FROM settings"));
    }

    [Fact]
    public async Task What_was_deleted_or_overwritten_is_in_no_file_once_the_log_is_truncated()
    {
        await using LocalStore store = await _profile.CreateAsync();
        await store.Write(static tx =>
        {
            tx.Settings.PutText("consumed", "secret");
            tx.Settings.PutText("overwritten", "secret");
            Assert.True(tx.Messages.TryAdd(Profile.Message("c", "1", new string('x', 20000))));
        });
        await store.TruncateAsync();
        byte[][] gone = [Column(store, "SELECT sealed FROM settings"), Column(store, "SELECT sealed FROM settings ORDER BY key DESC"), Column(store, "SELECT sealed FROM messages")[^500..]];
        Assert.All(gone, row => Assert.True(_profile.Contains(row.AsSpan(^40..))));
        await store.Write(static tx =>
        {
            Assert.True(tx.Settings.Delete("consumed"));
            tx.Settings.PutText("overwritten", "by something");
            Assert.True(tx.Messages.Delete(1));
        });
        await store.TruncateAsync();
        Assert.All(gone, row => Assert.False(_profile.Contains(row.AsSpan(^40..))));
        Assert.Equal(0, store.Database.LogLength);
    }

    [Fact]
    public async Task After_much_coming_and_going_no_row_that_went_is_in_any_file()
    {
        // Many small rows: their pages are balanced often, and SQLite leaves old copies in what a page does not use.
        var random = new Random(7);
        HashSet<UInt128> ever = [];
        await using LocalStore store = await _profile.CreateAsync();
        store.Database.Execute("PRAGMA synchronous=OFF");
        for (int round = 0; round < 120; round++)
        {
            await store.Write(tx =>
            {
                for (int i = 0; i < 400; i++)
                {
                    byte[] key = BitConverter.GetBytes(random.Next(8000));
                    if (random.Next(2) == 0)
                    {
                        tx.Records.Delete("kind", key);
                    }
                    else
                    {
                        tx.Records.Put("kind", key, new byte[random.Next(random.Next(10) == 0 ? 600 : 60)]);
                    }
                }
            });
            ever.UnionWith(Tags(store));
        }
        await store.TruncateAsync();
        HashSet<UInt128> live = Tags(store);
        Assert.True(ever.Count > live.Count + 1000);
        Assert.Equal(live, Found(live));
        ever.ExceptWith(live);
        Assert.Empty(Found(ever));

        // What was zeroed was of no use to the database.
        await store.DisposeAsync();
        await using LocalStore again = await _profile.OpenAsync();
        Assert.Equal(live.Count, await again.Verify());
        Assert.Equal(live, Tags(again));
    }

    [Fact]
    public async Task The_log_is_truncated_by_itself_a_while_after_a_write()
    {
        var time = new HandTime();
        await using LocalStore store = await _profile.CreateAsync(Profile.Options with { Time = time, TruncateAfter = TimeSpan.FromSeconds(1) });
        await store.Write(static tx => tx.Settings.PutText("a", "1"));
        Assert.True(store.Database.LogLength > 0);
        Assert.Equal(TimeSpan.FromSeconds(1), time.Due);
        time.Fire();
        // Whatever comes next comes behind it.
        await store.Read(static _ => { });
        await store.Read(static _ => { });
        Assert.Equal(0, store.Database.LogLength);
        Assert.Null(time.Due);
        await store.Write(static tx => tx.Settings.PutText("a", "2"));
        Assert.Equal(TimeSpan.FromSeconds(1), time.Due);
    }

    [Fact]
    public async Task A_log_that_grows_long_is_truncated_at_once()
    {
        await using LocalStore store = await _profile.CreateAsync(Profile.Options with { LogLengthMax = 100_000 });
        for (int i = 0; i < 40; i++)
        {
            await store.Write(tx => Assert.True(tx.Messages.TryAdd(Profile.Message("c", $"{i}", new string('x', 10000)))));
            Assert.InRange(store.Database.LogLength, 0, 150_000);
        }
    }

    /// <summary>The tag of every row that is there: 16 bytes which no other row has.</summary>
    private static HashSet<UInt128> Tags(LocalStore store)
    {
        using Sdk.Store.Sqlite.Statement statement = store.Database.PrepareOnce("SELECT sealed FROM records");
        HashSet<UInt128> tags = [];
        while (statement.Step())
        {
            tags.Add(BinaryPrimitives.ReadUInt128BigEndian(statement.Blob(0)[^16..]));
        }
        return tags;
    }

    /// <summary>Those of the tags that are in some file, at any place.</summary>
    private HashSet<UInt128> Found(HashSet<UInt128> tags)
    {
        HashSet<UInt128> found = [];
        foreach ((_, byte[] bytes) in _profile.Files())
        {
            UInt128 window = 0;
            foreach (byte value in bytes)
            {
                window = (window << 8) | value;
                if (tags.Contains(window))
                {
                    found.Add(window);
                }
            }
        }
        return found;
    }

    private static int Distinct(LocalStore store, string sql)
    {
        using Sdk.Store.Sqlite.Statement statement = store.Database.PrepareOnce(sql);
        HashSet<string> seen = [];
        while (statement.Step())
        {
            seen.Add(Convert.ToHexString(statement.Blob(0)));
        }
        return seen.Count;
    }

    private static byte[] Column(LocalStore store, string sql)
    {
        using Sdk.Store.Sqlite.Statement statement = store.Database.PrepareOnce(sql);
        Assert.True(statement.Step());
        return statement.Blob(0).ToArray();
    }

    /// <summary>One timer, which fires when the test says so.</summary>
    private sealed class HandTime : TimeProvider
    {
        private TimerCallback? _callback;
        private object? _state;

        public TimeSpan? Due { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_callback, _state) = (callback, state);
            return new HandTimer(this);
        }

        public void Fire()
        {
            Due = null;
            _callback!(_state);
        }

        private sealed class HandTimer(HandTime time) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                time.Due = dueTime;
                return true;
            }

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
