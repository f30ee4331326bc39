using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests.Storage;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_message_is_stored_for_the_others()
    {
        (TestGroup group, DeviceAddress alice, DeviceAddress bob, DeviceAddress carol) = await ThreeAsync();
        NewMessage message = World.Message(group, alice) with { Kind = EnvelopeKind.Proposal };
        Assert.Equal(new SendResult(SendStatus.Stored, World.NowMs, 2), await World.SendAsync(message));
        Assert.Empty(await World.MailboxAsync(alice));
        foreach (DeviceAddress device in new[] { bob, carol })
        {
            StoredMessage stored = Assert.Single(await World.MailboxAsync(device)).Message;
            Assert.Equal((message.Kind, message.Group, message.EntryHash, (MessageId?)message.Id), (stored.Kind, stored.Group, stored.EntryHash, stored.Id));
            Assert.Equal(message.Payload.Bytes.ToArray(), stored.Payload.Bytes.ToArray());
            Assert.Equal(World.NowMs, stored.TimeMs);
            Assert.Null(stored.Entry);
        }
    }

    [Fact]
    public async Task The_same_message_again_is_stored_once_and_another_under_its_id_refused()
    {
        (TestGroup group, DeviceAddress alice, DeviceAddress bob, _) = await ThreeAsync();
        NewMessage message = World.Message(group, alice);
        SendResult first = await World.SendAsync(message);
        World.NowMs += 5;
        Assert.Equal(first with { Status = SendStatus.AlreadyThere }, await World.SendAsync(message));
        await World.EmptyAsync(bob);
        Assert.Equal(SendStatus.AlreadyThere, (await World.SendAsync(message)).Status);
        Assert.Empty(await World.MailboxAsync(bob));
        Assert.Equal(SendStatus.Conflict, (await World.SendAsync(message with { Payload = StoredPayload.Inline(World.Bytes(100)) })).Status);
        Assert.Equal(SendStatus.Conflict, (await World.SendAsync(message with { Kind = EnvelopeKind.Proposal })).Status);

        // The id is the group's own; and what was stored is answered even when it would be too late by now.
        TestGroup other = await World.GroupAsync(alice, bob);
        Assert.Equal(SendStatus.Stored, (await World.SendAsync(message with { Group = other.Id, EntryHash = other.Valid.Hash })).Status);
        for (int i = 0; i < 6; i++)
        {
            await World.CommitAsync(group, group.Next(alice));
        }
        Assert.Equal(SendStatus.AlreadyThere, (await World.SendAsync(message)).Status);
    }

    [Fact]
    public async Task However_often_a_message_is_sent_at_once_it_is_stored_once()
    {
        (TestGroup group, DeviceAddress alice, DeviceAddress bob, _) = await ThreeAsync();
        NewMessage[] messages = [.. Enumerable.Range(0, 20).Select(_ => World.Message(group, alice))];
        SendResult[] results = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => Task.Run(() => World.SendAsync(messages[i % 20]).AsTask(), Token)));
        Assert.Equal(20, results.Count(result => result.Status == SendStatus.Stored));
        Assert.Equal(80, results.Count(result => result.Status == SendStatus.AlreadyThere));
        IReadOnlyList<StoredEnvelope> mailbox = await World.MailboxAsync(bob);
        Assert.Equal(messages.Select(message => message.Id).ToHashSet(), mailbox.Select(envelope => envelope.Message.Id!.Value).ToHashSet());
        Assert.Equal(20, mailbox.Count);
    }

    [Fact]
    public async Task An_epoch_too_old_or_unknown_is_stale()
    {
        (TestGroup group, DeviceAddress alice, _, _) = await ThreeAsync();
        NewMessage old = World.Message(group, alice);
        for (int i = 0; i < 5; i++)
        {
            await World.CommitAsync(group, group.Next(alice));
        }
        Assert.Equal(SendStatus.Stored, (await World.SendAsync(old)).Status);
        await World.CommitAsync(group, group.Next(alice));
        Assert.Equal(SendStatus.EpochStale, (await World.SendAsync(old with { Id = World.NewMessageId() })).Status);
        Assert.Equal(SendStatus.EpochStale, (await World.SendAsync(World.Message(group, alice) with { EntryHash = Digest.Of("x"u8) })).Status);
    }

    [Fact]
    public async Task Only_the_roster_after_the_entry_may_send()
    {
        (TestGroup group, DeviceAddress alice, _, DeviceAddress carol) = await ThreeAsync();
        DeviceAddress dave = await World.PersonAsync("dave@x");
        NewMessage before = World.Message(group, carol);
        await World.CommitAsync(group, group.Next(alice, added: [dave], removed: [carol]));
        Assert.Equal(SendStatus.NotMember, (await World.SendAsync(World.Message(group, carol))).Status);
        Assert.Equal(SendStatus.NotMember, (await World.SendAsync(before with { Sender = dave })).Status);
        Assert.Equal(SendStatus.NotMember, (await World.SendAsync(before with { Sender = new DeviceAddress("nobody@x", World.NewDeviceId()) })).Status);
        Assert.Equal(SendStatus.GroupUnknown, (await World.SendAsync(before with { Group = new GroupId(World.Bytes(16)) })).Status);
        DeviceAddress stranger = await World.PersonAsync("stranger@x");
        Assert.Equal(SendStatus.NotMember, (await World.SendAsync(before with { Sender = stranger, EntryHash = Digest.Of("x"u8) })).Status);

        // Carol's message of the epoch in which she was a member goes to the members of that epoch.
        Assert.Equal(2, (await World.SendAsync(before)).Recipients);
        Assert.Single(await World.MailboxAsync(dave));
    }

    [Fact]
    public async Task Acknowledged_messages_go_and_numbers_grow()
    {
        (TestGroup group, DeviceAddress alice, DeviceAddress bob, DeviceAddress carol) = await ThreeAsync();
        long start = (await World.StateAsync(bob)).Newest;
        for (int i = 0; i < 5; i++)
        {
            await World.SendAsync(group, alice);
        }
        Assert.True(await Store.AcknowledgeAsync(bob, start + 3, Token));
        Assert.Equal([start + 4, start + 5], (await World.MailboxAsync(bob)).Select(envelope => envelope.Sequence));
        Assert.Equal(new MailboxState(start + 5, start + 3, 0), await World.StateAsync(bob));
        Assert.True(await Store.AcknowledgeAsync(bob, start + 1, Token));
        Assert.Equal(start + 3, (await World.StateAsync(bob)).Acknowledged);
        Assert.True(await Store.AcknowledgeAsync(bob, start + 1000, Token));
        Assert.Equal(new MailboxState(start + 5, start + 5, 0), await World.StateAsync(bob));
        Assert.Empty(await World.MailboxAsync(bob));
        Assert.Equal(5, (await World.MailboxAsync(carol)).Count);
        Assert.Equal(5, (await Store.ReadFiguresAsync(Token)).Messages);
        await World.EmptyAsync(carol);
        Assert.Equal(0, (await Store.ReadFiguresAsync(Token)).Messages);
        await World.SendAsync(group, alice);
        Assert.Equal([start + 6], (await World.MailboxAsync(bob)).Select(envelope => envelope.Sequence));
        Assert.False(await Store.AcknowledgeAsync(new DeviceAddress("nobody@x", World.NewDeviceId()), 1, Token));
    }

    [Fact]
    public async Task A_mailbox_is_read_in_pages()
    {
        (TestGroup group, DeviceAddress alice, DeviceAddress bob, _) = await ThreeAsync();
        long start = (await World.StateAsync(bob)).Newest;
        for (int i = 0; i < 5; i++)
        {
            await World.SendAsync(group, alice, length: 100);
        }
        async Task<List<long>> Read(long cursor, int count, int bytes)
        {
            MailboxPage page = await Store.ReadMailboxAsync(bob, start + cursor, new PageBounds(count, bytes), Token);
            Assert.Equal(start + 5, page.State.Newest);
            return [.. page.Envelopes.Select(envelope => envelope.Sequence - start)];
        }
        Assert.Equal([1L, 2L, 3L], await Read(0, 3, 10_000));
        Assert.Equal([3L, 4L], await Read(2, 10, 250));
        Assert.Equal([5L], await Read(4, 10, 1));
        Assert.Empty(await Read(5, 10, 10_000));
    }

    [Fact]
    public async Task A_reader_gets_the_backlog_and_then_what_comes_in_order()
    {
        (TestGroup group, DeviceAddress alice, DeviceAddress bob, _) = await ThreeAsync();
        long start = (await World.StateAsync(bob)).Newest;
        await World.SendAsync(group, alice);
        await World.SendAsync(group, alice);
        using IMailboxReader reader = (await Store.OpenMailboxAsync(bob, start, Token))!;
        Assert.Equal([start + 1, start + 2], (await ReadAsync(reader, 2)).Select(envelope => envelope.Sequence));
        Task<List<StoredEnvelope>> waiting = ReadAsync(reader, 1);
        Assert.False(waiting.IsCompleted);
        NewMessage sent = await World.SendAsync(group, alice);
        StoredEnvelope came = Assert.Single(await waiting);
        Assert.Equal((start + 3, (MessageId?)sent.Id), (came.Sequence, came.Message.Id));
        Assert.Equal(start + 3, reader.Position);
    }

    [Fact]
    public async Task A_reader_misses_nothing_however_it_keeps_up()
    {
        (TestGroup group, DeviceAddress alice, DeviceAddress bob, DeviceAddress carol) = await ThreeAsync();
        long start = (await World.StateAsync(bob)).Newest;
        using IMailboxReader reader = (await Store.OpenMailboxAsync(bob, start, Token))!;
        Task sending = Task.WhenAll(new[] { alice, carol }.Select(sender => Task.Run(
            async () =>
            {
                for (int i = 0; i < 300; i++)
                {
                    await World.SendAsync(group, sender);
                }
            },
            Token)));
        List<StoredEnvelope> read = await ReadAsync(reader, 100, count: 7);

        // Far behind now: more came than is kept in memory.
        await sending;
        read.AddRange(await ReadAsync(reader, 600 - read.Count));
        Assert.Equal(Enumerable.Range(1, 600).Select(i => start + i), read.Select(envelope => envelope.Sequence));
        Assert.Equal(600, read.Select(envelope => envelope.Message.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_reader_whose_backlog_goes_meanwhile_waits_for_what_comes()
    {
        (TestGroup group, DeviceAddress alice, DeviceAddress bob, _) = await ThreeAsync();
        await World.SendAsync(group, alice);
        using IMailboxReader reader = (await Store.OpenMailboxAsync(bob, 0, Token))!;
        await World.EmptyAsync(bob);
        Task<List<StoredEnvelope>> waiting = ReadAsync(reader, 1);
        NewMessage sent = await World.SendAsync(group, alice);
        Assert.Equal(sent.Id, Assert.Single(await waiting).Message.Id);
    }

    [Fact]
    public async Task A_reader_that_is_given_up_stops()
    {
        (_, DeviceAddress alice, _, _) = await ThreeAsync();
        using IMailboxReader reader = (await Store.OpenMailboxAsync(alice, 0, Token))!;
        using var gone = new CancellationTokenSource();
        Task<IReadOnlyList<StoredEnvelope>> waiting = reader.ReadNextAsync(StoreWorld.Wide, gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private async Task<(TestGroup Group, DeviceAddress Alice, DeviceAddress Bob, DeviceAddress Carol)> ThreeAsync()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        DeviceAddress bob = await World.PersonAsync("bob@x");
        DeviceAddress carol = await World.PersonAsync("carol@x");
        TestGroup group = await World.GroupAsync(alice, bob, carol);
        await World.EmptyAsync(bob, carol);
        return (group, alice, bob, carol);
    }

    private static async Task<List<StoredEnvelope>> ReadAsync(IMailboxReader reader, int atLeast, int count = 50)
    {
        var read = new List<StoredEnvelope>();
        while (read.Count < atLeast)
        {
            read.AddRange(await reader.ReadNextAsync(new PageBounds(count, 1 << 20), Token));
        }
        return read;
    }
}
