using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests.Storage;

public abstract partial class StoreContract
{
    [Fact]
    public async Task What_nobody_fetches_goes_after_its_time_and_the_mailbox_says_so()
    {
        (TestGroup group, DeviceAddress alice, DeviceAddress bob, DeviceAddress carol) = await ThreeAsync();
        long start = (await World.StateAsync(bob)).Newest;
        await World.SendAsync(group, alice);
        await World.SendAsync(group, alice);
        await World.EmptyAsync(carol);
        World.NowMs += 10 * StoreWorld.Day;
        await World.SendAsync(group, alice);
        World.NowMs += (20 * StoreWorld.Day);
        Assert.Equal(0, (await Store.SweepAsync(World.NowMs, Token)).Envelopes);
        World.NowMs += 1;
        Assert.Equal(2, (await Store.SweepAsync(World.NowMs, Token)).Envelopes);
        Assert.Equal([start + 3], (await World.MailboxAsync(bob)).Select(envelope => envelope.Sequence));
        Assert.Equal(new MailboxState(start + 3, start, start + 2), await World.StateAsync(bob));
        Assert.Equal(0, (await World.StateAsync(carol)).LostUpTo);
        Assert.Equal(1, (await Store.ReadFiguresAsync(Token)).Messages);
        World.NowMs += 10 * StoreWorld.Day;
        Assert.Equal(2, (await Store.SweepAsync(World.NowMs, Token)).Envelopes);
        Assert.Equal(new MailboxState(start + 3, start, start + 3), await World.StateAsync(bob));
        await World.SendAsync(group, alice);
        Assert.Equal([start + 4], (await World.MailboxAsync(bob)).Select(envelope => envelope.Sequence));
    }

    [Fact]
    public async Task A_sweep_of_much_leaves_nothing_of_it()
    {
        (TestGroup group, DeviceAddress alice, DeviceAddress bob, DeviceAddress carol) = await ThreeAsync();
        await Task.WhenAll(Enumerable.Range(0, 1200).Select(_ => World.SendAsync(group, alice, length: 10)));
        World.NowMs += (30 * StoreWorld.Day) + 1;
        await World.SendAsync(group, alice);
        Assert.Equal(2400, (await Store.SweepAsync(World.NowMs, Token)).Envelopes);
        Assert.Single(await World.MailboxAsync(bob));
        Assert.Single(await World.MailboxAsync(carol));
        Assert.Equal(1, (await Store.ReadFiguresAsync(Token)).Messages);
    }

    [Fact]
    public async Task What_was_sent_is_remembered_as_long_as_it_is_kept()
    {
        (TestGroup group, DeviceAddress alice, _, _) = await ThreeAsync();
        NewMessage message = World.Message(group, alice);
        await World.SendAsync(message);
        World.NowMs += 30 * StoreWorld.Day;
        await Store.SweepAsync(World.NowMs, Token);
        Assert.Equal(SendStatus.AlreadyThere, (await World.SendAsync(message)).Status);
        World.NowMs += 1;
        await Store.SweepAsync(World.NowMs, Token);
        Assert.Equal(SendStatus.Stored, (await World.SendAsync(message)).Status);
    }

    [Fact]
    public async Task A_clock_that_is_late_does_not_let_a_message_be_forgotten_early()
    {
        (TestGroup group, DeviceAddress alice, _, _) = await ThreeAsync();
        NewMessage message = World.Message(group, alice) with { Id = MessageId.FirstAt(1000) };
        await World.SendAsync(message);
        await Store.SweepAsync(World.NowMs + StoreWorld.Day, Token);
        Assert.Equal(SendStatus.AlreadyThere, (await World.SendAsync(message)).Status);
    }

    [Fact]
    public async Task A_blob_stays_while_something_names_it()
    {
        (TestGroup group, DeviceAddress alice, DeviceAddress bob, DeviceAddress carol) = await ThreeAsync();
        Digest loose = await World.BlobAsync(group, alice, World.Bytes(100));
        Digest sent = await World.BlobAsync(group, alice, World.Bytes(100));
        byte[] info = World.Bytes(100);
        Digest kept = await World.BlobAsync(group, alice, info);
        await World.CommitAsync(group, group.Next(alice) with { GroupInfo = StoredPayload.InBlob(kept, 100) });
        World.NowMs += 10 * StoreWorld.Day;
        await World.SendAsync(World.Message(group, alice) with { Payload = StoredPayload.InBlob(sent, 100) });
        World.NowMs += (20 * StoreWorld.Day) + 1;
        Assert.Equal(1, (await Store.SweepAsync(World.NowMs, Token)).Blobs);
        Assert.Null(await Store.FindBlobAsync(loose, alice, Token));
        Assert.NotNull(await Store.FindBlobAsync(sent, bob, Token));
        await World.EmptyAsync(bob, carol);
        Assert.Equal(1, (await Store.SweepAsync(World.NowMs, Token)).Blobs);
        Assert.Null(await Store.FindBlobAsync(sent, bob, Token));
        Assert.Equal(info, (await Store.ReadBlobAsync(kept, bob, 0, 100, Token))!.Value.Data.ToArray());
        Assert.Equal(100, (await Store.ReadFiguresAsync(Token)).BlobBytes);
    }

    [Fact]
    public async Task Log_entries_go_when_they_could_not_be_built_on_for_long()
    {
        (TestGroup group, DeviceAddress alice, _, _) = await ThreeAsync();
        for (int i = 0; i < 66; i++)
        {
            await World.CommitAsync(group, group.Next(alice));
        }
        NewEntry late = group.Next(alice) with { Index = 3 };
        Assert.Equal(0, (await Store.SweepAsync(World.NowMs + (30 * StoreWorld.Day), Token)).LogEntries);
        Assert.Equal(4, (await Store.SweepAsync(World.NowMs + (30 * StoreWorld.Day) + 1, Token)).LogEntries);
        LogPage log = (await Store.ReadLogAsync(group.Id, alice, 0, StoreWorld.Wide, Token))!;
        Assert.Equal((4L, 67L), (log.Entries[0].Index, log.NewestIndex));
        Assert.Null(Assert.IsType<AppendResult.Conflict>(await World.AppendAsync(late)).Winner);
        await World.CommitAsync(group, group.Next(alice));
    }
}
