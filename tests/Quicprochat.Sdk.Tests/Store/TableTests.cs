using Google.Protobuf;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;
using Quicprochat.Sdk.Store.Tables;

namespace Quicprochat.Sdk.Tests.Store;

public sealed class TableTests : IAsyncLifetime
{
    private readonly Profile _profile = new();
    private LocalStore _store = null!;

    public async ValueTask InitializeAsync() => _store = await _profile.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _profile.Dispose();
    }

    [Fact]
    public Task A_message_is_once_in_its_conversation() => _store.Write(static tx =>
    {
        MessageRow first = Profile.Message("c", "1", "one");
        Assert.True(tx.Messages.TryAdd(first));
        Assert.False(tx.Messages.TryAdd(Profile.Message("c", "1", "again")));
        Assert.True(tx.Messages.TryAdd(Profile.Message("d", "1", "elsewhere")));
        Assert.Equal(first, tx.Messages.Find("c"u8, "1"u8));
        Assert.Equal(first, tx.Messages.Find(first.Number));
        Assert.True(tx.Messages.Contains("d"u8, "1"u8));
        Assert.False(tx.Messages.Contains("d"u8, "2"u8));
        Assert.Null(tx.Messages.Find("e"u8, "1"u8));
    });

    [Fact]
    public Task History_is_read_in_pages_in_both_directions() => _store.Write(static tx =>
    {
        List<long> numbers = [];
        for (int i = 0; i < 25; i++)
        {
            MessageRow message = Profile.Message("c", $"{i}", $"text {i}");
            Assert.True(tx.Messages.TryAdd(message));
            Assert.True(tx.Messages.TryAdd(Profile.Message("other", $"{i}")));
            numbers.Add(message.Number);
        }
        Assert.Equal(numbers[15..], tx.Messages.Before("c"u8, long.MaxValue, 10).Select(static message => message.Number));
        Assert.Equal(numbers[5..15], tx.Messages.Before("c"u8, numbers[15], 10).Select(static message => message.Number));
        Assert.Equal(numbers[..5], tx.Messages.Before("c"u8, numbers[5], 10).Select(static message => message.Number));
        Assert.Equal(numbers[..10], tx.Messages.After("c"u8, 0, 10).Select(static message => message.Number));
        Assert.Equal(numbers[20..], tx.Messages.After("c"u8, numbers[19], 10).Select(static message => message.Number));
        Assert.Equal(50, tx.Messages.After(0, 100).Count);
        Assert.Equal(25, tx.Messages.Count("c"u8));
        Assert.Equal(25, tx.Messages.DeleteAll("c"u8));
        Assert.Empty(tx.Messages.After("c"u8, 0, 10));
        Assert.Equal(25, tx.Messages.Count("other"u8));
    });

    [Fact]
    public async Task A_number_is_never_given_out_again()
    {
        long last = await _store.Write(static tx =>
        {
            MessageRow message = Profile.Message("c", "1");
            Assert.True(tx.Messages.TryAdd(message));
            Assert.True(tx.Messages.Delete(message.Number));
            Assert.False(tx.Messages.Delete(message.Number));
            return message.Number;
        });
        await _store.DisposeAsync();
        _store = await _profile.OpenAsync();
        await _store.Write(tx =>
        {
            MessageRow message = Profile.Message("c", "2");
            Assert.True(tx.Messages.TryAdd(message));
            Assert.True(message.Number > last);
        });
    }

    [Fact]
    public Task A_message_is_changed_in_its_place() => _store.Write(static tx =>
    {
        MessageRow message = Profile.Message("c", "1", "one");
        Assert.True(tx.Messages.TryAdd(message));
        message.State = 3;
        Assert.True(tx.Messages.Update(message));
        Assert.Equal(3u, tx.Messages.Find("c"u8, "1"u8)!.State);
        message.Number = 99;
        Assert.False(tx.Messages.Update(message));
    });

    [Fact]
    public Task Receipts_are_kept_for_each_recipient() => _store.Write(static tx =>
    {
        static ReceiptRow Row(string message, string recipient, uint state) => new()
        {
            ConversationId = ByteString.CopyFromUtf8("c"),
            MessageId = ByteString.CopyFromUtf8(message),
            Recipient = recipient,
            State = state,
        };
        tx.Receipts.Put(Row("1", "bob", 1));
        tx.Receipts.Put(Row("1", "carol", 1));
        tx.Receipts.Put(Row("1", "bob", 2));
        tx.Receipts.Put(Row("2", "bob", 1));
        Assert.Equal(2u, tx.Receipts.Find("c"u8, "1"u8, "bob")!.State);
        Assert.Equal(["bob", "carol"], tx.Receipts.List("c"u8, "1"u8).Select(static row => row.Recipient).Order());
        Assert.Equal(2, tx.Receipts.DeleteAll("c"u8, "1"u8));
        Assert.Single(tx.Receipts.List("c"u8, "2"u8));
    });

    [Fact]
    public async Task The_outbox_keeps_order_state_and_the_very_bytes()
    {
        byte[] payload = [.. Enumerable.Range(0, 3000).Select(static value => unchecked((byte)(value * 7)))];
        OutboxRow Row(string lane, string id) => new()
        {
            Lane = ByteString.CopyFromUtf8(lane),
            MessageId = ByteString.CopyFromUtf8(id),
            Payload = ByteString.CopyFrom(payload),
        };
        await _store.Write(tx =>
        {
            Assert.True(tx.Outbox.TryAdd(Row("a", "1"), new OutboxStateRow { State = 1 }));
            Assert.True(tx.Outbox.TryAdd(Row("b", "1")));
            Assert.True(tx.Outbox.TryAdd(Row("a", "2")));
            Assert.False(tx.Outbox.TryAdd(Row("a", "2")));
            OutboxEntry entry = tx.Outbox.Find("a"u8, "1"u8)!.Value;
            tx.Outbox.SetState(entry.Row.Number, new OutboxStateRow { State = 2, Attempts = 1, Error = "server.draining" });
        });
        await _store.DisposeAsync();
        _store = await _profile.OpenAsync();
        await _store.Write(tx =>
        {
            IReadOnlyList<OutboxEntry> heads = tx.Outbox.Heads();
            Assert.Equal([("a", "1"), ("b", "1")], heads.Select(static entry => (entry.Row.Lane.ToStringUtf8(), entry.Row.MessageId.ToStringUtf8())));
            Assert.Equal(payload, heads[0].Row.Payload.ToByteArray());
            Assert.Equal((2u, 1u, "server.draining"), (heads[0].State.State, heads[0].State.Attempts, heads[0].State.Error));
            Assert.Equal(0u, heads[1].State.State);
            Assert.Equal(2, tx.Outbox.Count("a"u8));
            Assert.Equal(["1", "2"], tx.Outbox.After("a"u8, 0, 10).Select(static entry => entry.Row.MessageId.ToStringUtf8()));
            Assert.Equal(3, tx.Outbox.After(0, 10).Count);
            Assert.True(tx.Outbox.Remove(heads[0].Row.Number));
            Assert.False(tx.Outbox.Remove(heads[0].Row.Number));
            OutboxRow next = tx.Outbox.Heads()[1].Row;
            Assert.Equal("2", next.MessageId.ToStringUtf8());
            next.Payload = ByteString.CopyFromUtf8("encrypted again");
            Assert.True(tx.Outbox.Update(next));
            Assert.Equal("encrypted again", tx.Outbox.Find(next.Number)!.Value.Row.Payload.ToStringUtf8());
        });
    }

    [Fact]
    public Task A_conversation_is_found_by_every_group_that_carried_it() => _store.Write(static tx =>
    {
        var row = new ConversationRow { Id = ByteString.CopyFromUtf8("c"), GroupId = ByteString.CopyFromUtf8("g1"), Title = "Friends" };
        tx.Conversations.Put(row);
        row.GroupId = ByteString.CopyFromUtf8("g2");
        tx.Conversations.Put(row);
        Assert.Equal(row, tx.Conversations.Find("c"u8));
        Assert.Equal(row, tx.Conversations.FindByGroup("g1"u8));
        Assert.Equal(row, tx.Conversations.FindByGroup("g2"u8));
        Assert.Null(tx.Conversations.FindByGroup("g3"u8));
        Assert.Equal([row], tx.Conversations.List());
        Assert.True(tx.Conversations.Delete("c"u8));
        Assert.Null(tx.Conversations.FindByGroup("g1"u8));
    });

    [Fact]
    public Task Rows_are_found_by_what_they_are_about() => _store.Write(static tx =>
    {
        var contact = new ContactRow { Account = "bob@example.org", AccountKey = ByteString.CopyFromUtf8("key"), Verified = true };
        tx.Contacts.Put(contact);
        Assert.Equal(contact, tx.Contacts.Find("bob@example.org"));
        Assert.Null(tx.Contacts.Find("bob@example.com"));
        Assert.Equal([contact], tx.Contacts.List());
        Assert.True(tx.Contacts.Delete("bob@example.org"));

        var position = new LogPositionRow { GroupId = ByteString.CopyFromUtf8("g"), Index = 7, Roster = { new RosterDevice { Account = "bob@example.org" } } };
        tx.LogPositions.Put(position);
        Assert.Equal(position, tx.LogPositions.Find("g"u8));
        var commit = new PendingCommitRow { GroupId = ByteString.CopyFromUtf8("g"), Commit = ByteString.CopyFromUtf8("commit") };
        tx.PendingCommits.Put(commit);
        Assert.Equal(commit, tx.PendingCommits.Find("g"u8));
        Assert.True(tx.PendingCommits.Delete("g"u8));
        Assert.Null(tx.PendingCommits.Find("g"u8));
        Assert.Equal(new MailboxRow(), tx.Mailbox.Read());
    });

    [Fact]
    public Task Held_envelopes_come_back_in_order() => _store.Write(static tx =>
    {
        static HeldEnvelopeRow Row(string group, ulong sequence) => new() { GroupId = ByteString.CopyFromUtf8(group), Sequence = sequence };
        foreach (ulong sequence in new ulong[] { 9, 3, 5 })
        {
            Assert.True(tx.Held.TryAdd(Row("g", sequence)));
        }
        Assert.False(tx.Held.TryAdd(Row("g", 3)));
        Assert.True(tx.Held.TryAdd(Row("h", 3)));
        IReadOnlyList<HeldEnvelopeRow> held = tx.Held.After("g"u8, 0, 10);
        Assert.Equal([9ul, 3ul, 5ul], held.Select(static row => row.Sequence));
        Assert.Equal(["g", "h"], tx.Held.Heads().Select(static row => row.GroupId.ToStringUtf8()));
        Assert.True(tx.Held.Remove(held[0].Number));
        Assert.Equal(2, tx.Held.Count("g"u8));
        Assert.Equal(2, tx.Held.RemoveAll("g"u8));
        Assert.Equal(1, tx.Held.Count("h"u8));
    });

    [Fact]
    public Task Anything_else_has_a_place() => _store.Write(static tx =>
    {
        tx.Records.Put("colour", "sky"u8, "blue"u8);
        tx.Records.Put("colour", "grass"u8, "green"u8);
        tx.Records.Put("taste", "sky"u8, default);
        Assert.Equal("blue"u8.ToArray(), tx.Records.Find("colour", "sky"u8));
        Assert.Empty(tx.Records.Find("taste", "sky"u8)!);
        Assert.Equal(["blue", "green"], tx.Records.List("colour").Select(static record => System.Text.Encoding.UTF8.GetString(record.Value.Span)).Order());
        Assert.True(tx.Records.Delete("colour", "sky"u8));
        Assert.Equal(1, tx.Records.DeleteAll("colour"));
        Assert.Single(tx.Records.List("taste"));

        long? first = tx.Journal.TryAdd("seen", "a"u8, "1"u8, "one"u8);
        Assert.NotNull(tx.Journal.TryAdd("seen", "a"u8, "2"u8, "two"u8));
        Assert.NotNull(tx.Journal.TryAdd("seen", "b"u8, "1"u8, "other"u8));
        Assert.Null(tx.Journal.TryAdd("seen", "a"u8, "1"u8, "twice"u8));
        Assert.True(tx.Journal.Update(first!.Value, "ONE"u8));
        Assert.Equal(["ONE", "two"], tx.Journal.After("seen", "a"u8, 0, 10).Select(static entry => System.Text.Encoding.UTF8.GetString(entry.Value.Span)));
        Assert.Equal(["ONE"], tx.Journal.Before("seen", "a"u8, first.Value + 1, 10).Select(static entry => System.Text.Encoding.UTF8.GetString(entry.Value.Span)));
        Assert.Equal("1"u8.ToArray(), tx.Journal.Find("seen", "a"u8, "1"u8)!.Value.Key.ToArray());
        Assert.Equal(2, tx.Journal.Count("seen", "a"u8));
        Assert.True(tx.Journal.Delete(first.Value));
        Assert.Equal(1, tx.Journal.DeleteAll("seen", "a"u8));
    });

    [Fact]
    public async Task Settings_hold_secrets_and_texts_of_any_name()
    {
        await _store.Write(static tx =>
        {
            tx.Settings.Put("account key", [1, 2, 3]);
            tx.Settings.Put("", [4]);
        });
        await _store.Read(static tx =>
        {
            using Crypto.Secret secret = tx.Settings.FindSecret("account key")!;
            Assert.Equal([1, 2, 3], secret.Span.ToArray());
            Assert.Equal([4], tx.Settings.Find("")!);
            Assert.Null(tx.Settings.FindSecret("none"));
            return true;
        });
    }
}
