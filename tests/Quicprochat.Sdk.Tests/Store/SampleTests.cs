using System.IO.Compression;
using Google.Protobuf;
using Quicprochat.Mls.Groups;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;
using Quicprochat.Sdk.Store.Sqlite;

namespace Quicprochat.Sdk.Tests.Store;

/// <summary>
/// A store of every version there has been must open for ever. Samples are written once, by <see cref="Write_a_sample_of_the_present_version"/>,
/// when the version is new, and never again.
/// </summary>
public sealed class SampleTests : IDisposable
{
    private readonly Profile _profile = new();

    public void Dispose() => _profile.Dispose();

    [Fact]
    public void There_is_a_sample_of_every_version()
    {
        for (int version = 1; version <= Schema.Version; version++)
        {
            Assert.True(File.Exists(Sample(version)));
        }
    }

    [Theory]
    [InlineData(1)]
    public async Task A_store_of_an_earlier_version_opens_and_goes_on(int version)
    {
        Directory.CreateDirectory(_profile.Folder);
        await using (FileStream compressed = File.OpenRead(Sample(version)))
        await using (var sample = new GZipStream(compressed, CompressionMode.Decompress))
        await using (FileStream database = File.Create(_profile.Database))
        {
            await sample.CopyToAsync(database, TestContext.Current.CancellationToken);
        }
        await using StoredClient bob = await StoredClient.OpenAsync(_profile.Folder);
        await AssertFilledAsync(bob);
        Assert.True(await bob.Store.Verify() > 20);
        Assert.Equal(Schema.Version, bob.Store.Database.QueryInteger("PRAGMA user_version"));
    }

    [Fact]
    public async Task A_store_of_the_present_version_holds_what_the_samples_hold()
    {
        await using StoredClient bob = await FillAsync(_profile);
        await AssertFilledAsync(bob);
    }

    [Fact]
    public async Task Write_a_sample_of_the_present_version()
    {
        if (File.Exists(Sample(Schema.Version)))
        {
            return;
        }
        await (await FillAsync(_profile)).DisposeAsync();
        await using FileStream compressed = File.Create(Sample(Schema.Version));
        await using var sample = new GZipStream(compressed, CompressionLevel.SmallestSize);
        await sample.WriteAsync(await File.ReadAllBytesAsync(_profile.Database, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
    }

    /// <summary>Something in every table, and a real group.</summary>
    private static async Task<StoredClient> FillAsync(Profile profile)
    {
        using var other = new Profile();
        await using StoredClient alice = await StoredClient.CreateAsync(other.Folder);
        StoredClient bob = await StoredClient.CreateAsync(profile.Folder);
        await bob.JoinAsync(await alice.BeginAsync("alice", await bob.PublishAsync("bob")));
        byte[] message = await alice.Store.Write(tx => alice.Find(tx).Protect("from the past"u8));
        ByteString groupId = await bob.Store.Read(static tx => ByteString.CopyFrom(tx.Settings.Find("group")!));
        await bob.Store.Write(tx =>
        {
            tx.Records.Put("to decrypt", "1"u8, message);
            tx.Journal.TryAdd("seen", "owner"u8, "1"u8, "entry"u8);
            Assert.True(tx.Messages.TryAdd(Profile.Message("c", "1", "hello")));
            Assert.True(tx.Messages.TryAdd(Profile.Message("c", "2", "again")));
            tx.Receipts.Put(new ReceiptRow { ConversationId = ByteString.CopyFromUtf8("c"), MessageId = ByteString.CopyFromUtf8("1"), Recipient = "carol", State = 2 });
            tx.Conversations.Put(new ConversationRow { Id = ByteString.CopyFromUtf8("c"), GroupId = groupId, Title = "Friends" });
            tx.Contacts.Put(new ContactRow { Account = "carol@example.org", Verified = true });
            Assert.True(tx.Outbox.TryAdd(new OutboxRow { Lane = groupId, MessageId = ByteString.CopyFromUtf8("3"), Payload = ByteString.CopyFromUtf8("payload") }, new OutboxStateRow { Attempts = 3 }));
            tx.LogPositions.Put(new LogPositionRow { GroupId = groupId, Index = 7, Roster = { new RosterDevice { Account = "carol@example.org" } } });
            tx.PendingCommits.Put(new PendingCommitRow { GroupId = groupId, Intent = ByteString.CopyFromUtf8("intent") });
            Assert.True(tx.Held.TryAdd(new HeldEnvelopeRow { GroupId = groupId, Sequence = 9 }));
            tx.Mailbox.Put(new MailboxRow { Cursor = 8, Acknowledged = 7 });
        });
        return bob;
    }

    private static Task AssertFilledAsync(StoredClient bob) => bob.Store.Write(tx =>
    {
        byte[] groupId = tx.Settings.Find("group")!;
        Group group = bob.Find(tx);
        Assert.Equal(groupId, group.GroupId.ToArray());
        Assert.Equal("from the past"u8, group.Unprotect(tx.Records.Find("to decrypt", "1"u8), Chat.Now).Data.Span);
        Assert.Equal("entry"u8, Assert.Single(tx.Journal.After("seen", "owner"u8, 0, 10)).Value.Span);
        Assert.Equal(["hello", "again"], tx.Messages.After("c"u8, 0, 10).Select(static row => row.Body.ToStringUtf8()));
        Assert.Equal(2u, tx.Receipts.Find("c"u8, "1"u8, "carol")!.State);
        Assert.Equal("Friends", tx.Conversations.FindByGroup(groupId)!.Title);
        Assert.True(tx.Contacts.Find("carol@example.org")!.Verified);
        Assert.Equal(("payload", 3u), (Assert.Single(tx.Outbox.Heads()).Row.Payload.ToStringUtf8(), tx.Outbox.Heads()[0].State.Attempts));
        Assert.Equal("carol@example.org", Assert.Single(tx.LogPositions.Find(groupId)!.Roster).Account);
        Assert.Equal("intent", tx.PendingCommits.Find(groupId)!.Intent.ToStringUtf8());
        Assert.Equal(9ul, Assert.Single(tx.Held.Heads()).Sequence);
        Assert.Equal(8ul, tx.Mailbox.Read().Cursor);
        Assert.True(tx.Messages.TryAdd(Profile.Message("c", "3", "new")));
        group.Protect("goes on"u8);
    });

    private static string Sample(int version)
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "global.json")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("global.json is nowhere above the tests.");
        }
        return Path.Combine(folder, "tests", "Quicprochat.Sdk.Tests", "Store", "Samples", $"store-v{version}.db.gz");
    }
}
