using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests.Storage;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_group_is_created_once()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        DeviceAddress bob = await World.PersonAsync("bob@x");
        TestGroup group = TestGroup.Of(World, alice);
        Assert.Equal(new AppendResult.Accepted(group.Last.Hash, World.NowMs, 0), await World.AppendAsync(group.Last));
        Assert.Equal(new AppendResult.AlreadyThere(group.Last.Hash, World.NowMs), await World.AppendAsync(group.Last));
        byte[] body = World.Bytes(10);
        Assert.Equal(new AppendResult.Refused(AppendRefusal.GroupExists), await World.AppendAsync(group.Last with { Body = body, Hash = LogEntryHash.Of(body) }));
        TestGroup foreign = TestGroup.Of(World, alice);
        Assert.Equal(new AppendResult.Refused(AppendRefusal.NotMember), await World.AppendAsync(foreign.Last with { Submitter = bob }));
        Assert.Equal([alice], await Store.ReadRosterAsync(group.Id, null, Token));
        Assert.Equal([new GroupHead(group.Id, 0, group.Last.Hash)], await Store.ListGroupsAsync(alice, Token));
        Assert.Empty(await Store.ListGroupsAsync(bob, Token));
    }

    [Fact]
    public async Task A_commit_goes_to_the_others_and_the_welcome_to_those_added()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        DeviceAddress bob = await World.PersonAsync("bob@x");
        DeviceAddress carol = await World.PersonAsync("carol@x");
        TestGroup group = await World.GroupAsync(alice, bob);
        await World.EmptyAsync(bob);
        NewEntry entry = group.Next(alice, added: [carol]);
        Assert.Equal(new AppendResult.Accepted(entry.Hash, World.NowMs, 2), await World.AppendAsync(entry));
        Assert.Equal([alice, bob, carol], (await Store.ReadRosterAsync(group.Id, null, Token))!.ToHashSet());
        Assert.Equal([alice, bob], (await Store.ReadRosterAsync(group.Id, group.Last.Hash, Token))!.ToHashSet());
        Assert.Empty(await World.MailboxAsync(alice));
        StoredMessage commit = Assert.Single(await World.MailboxAsync(bob)).Message;
        StoredMessage welcome = Assert.Single(await World.MailboxAsync(carol)).Message;
        Assert.Equal((EnvelopeKind.Commit, EnvelopeKind.Welcome), (commit.Kind, welcome.Kind));
        Assert.Equal(entry.Commit.Bytes.ToArray(), commit.Payload.Bytes.ToArray());
        Assert.Equal(entry.Welcome.Bytes.ToArray(), welcome.Payload.Bytes.ToArray());
        foreach (StoredMessage message in new[] { commit, welcome })
        {
            Assert.Equal((group.Id, entry.Hash, (MessageId?)null, World.NowMs), (message.Group, message.EntryHash, message.Id, message.TimeMs));
            Assert.Equal((entry.Hash, entry.Index, alice, false), (message.Entry!.Hash, message.Entry.Index, message.Entry.Submitter, message.Entry.Reported));
            Assert.Equal(entry.Body.ToArray(), message.Entry.Body.ToArray());
            Assert.True(message.Entry.Commit.IsAbsent);
        }
    }

    [Fact]
    public async Task The_same_commit_again_is_answered_and_stored_once()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        DeviceAddress bob = await World.PersonAsync("bob@x");
        TestGroup group = await World.GroupAsync(alice, bob);
        NewEntry entry = group.Next(alice);
        await World.CommitAsync(group, entry);
        long then = World.NowMs++;
        Assert.Equal(new AppendResult.AlreadyThere(entry.Hash, then), await World.AppendAsync(entry));
        await World.CommitAsync(group, group.Next(alice));
        Assert.Equal(new AppendResult.AlreadyThere(entry.Hash, then), await World.AppendAsync(entry));
        Assert.Equal(3, (await World.MailboxAsync(bob)).Count);
    }

    [Fact]
    public async Task Who_is_slower_gets_the_winner()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        DeviceAddress bob = await World.PersonAsync("bob@x");
        DeviceAddress mallory = await World.PersonAsync("mallory@x");
        TestGroup group = await World.GroupAsync(alice, bob);
        NewEntry slower = group.Next(bob);
        NewEntry winner = group.Next(alice);
        await World.CommitAsync(group, winner);
        await World.CommitAsync(group, group.Next(alice));
        StoredEntry told = Assert.IsType<AppendResult.Conflict>(await World.AppendAsync(slower)).Winner!;
        Assert.Equal(winner.Hash, told.Hash);
        Assert.Equal(winner.Commit.Bytes.ToArray(), told.Commit.Bytes.ToArray());
        Assert.Equal(alice, told.Submitter);
        Assert.Equal(new AppendResult.Refused(AppendRefusal.NotMember), await World.AppendAsync(slower with { Submitter = mallory }));
    }

    [Fact]
    public async Task Of_many_who_commit_at_once_one_wins_each_place()
    {
        DeviceAddress[] members = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => World.PersonAsync($"member{i}@x")));
        TestGroup group = await World.GroupAsync(members[0], members[1..]);
        for (int round = 0; round < 10; round++)
        {
            NewEntry[] entries = [.. members.Select(member => group.Next(member))];
            AppendResult[] results = await Task.WhenAll(entries.Select(entry => Task.Run(() => World.AppendAsync(entry).AsTask(), Token)));
            int winner = Assert.Single(Enumerable.Range(0, members.Length), i => results[i] is AppendResult.Accepted);
            Assert.All(results.OfType<AppendResult.Conflict>(), conflict => Assert.Equal(entries[winner].Hash, conflict.Winner!.Hash));
            Assert.Equal(members.Length - 1, results.OfType<AppendResult.Conflict>().Count());
            group.Merge(entries[winner]);
        }
        LogPage log = (await Store.ReadLogAsync(group.Id, members[0], 0, StoreWorld.Wide, Token))!;
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (long)i), log.Entries.Select(entry => entry.Index));
    }

    [Fact]
    public async Task Each_rule_refuses()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        DeviceAddress bob = await World.PersonAsync("bob@x");
        DeviceAddress carol = await World.PersonAsync("carol@x");
        DeviceAddress nobody = new("nobody@x", World.NewDeviceId());
        TestGroup group = await World.GroupAsync(alice, bob);
        NewEntry fine = group.Next(alice);
        NewEntry adding = group.Next(alice, added: [carol]);
        (AppendRefusal, NewEntry)[] cases =
        [
            (AppendRefusal.GroupUnknown, fine with { Group = new GroupId(World.Bytes(16)) }),
            (AppendRefusal.FollowsUnknown, fine with { Follows = Digest.Of("x"u8) }),
            (AppendRefusal.FollowsUnknown, fine with { Index = fine.Index + 1 }),
            (AppendRefusal.FollowsUnknown, fine with { Index = fine.Index - 1 }),
            (AppendRefusal.BaseUnknown, fine with { Base = Digest.Of("x"u8) }),
            (AppendRefusal.EpochWrong, fine with { Epoch = fine.Epoch + 1 }),
            (AppendRefusal.EpochWrong, fine with { Epoch = fine.Epoch - 1 }),
            (AppendRefusal.NotMember, fine with { Submitter = carol }),
            (AppendRefusal.NotMember, fine with { Submitter = nobody }),
            (AppendRefusal.AddedUnknown, group.Next(alice, added: [nobody])),
            (AppendRefusal.AddedTwice, group.Next(alice, added: [bob])),
            (AppendRefusal.AddedTwice, group.Next(alice, added: [carol, carol])),
            (AppendRefusal.AddedTwice, group.Next(alice, added: [bob], removed: [bob])),
            (AppendRefusal.RemovedUnknown, group.Next(alice, added: [carol], removed: [carol])),
            (AppendRefusal.RemovedUnknown, group.Next(alice, removed: [carol])),
            (AppendRefusal.RemovedUnknown, group.Next(alice, removed: [bob, bob])),
            (AppendRefusal.RemovedUnknown, group.Next(alice, removed: [nobody])),
            (AppendRefusal.RosterSize, group.Next(alice, removed: [alice, bob])),
            (AppendRefusal.PayloadWrong, fine with { GroupInfo = default }),
            (AppendRefusal.PayloadWrong, fine with { Commit = default }),
            (AppendRefusal.PayloadWrong, fine with { CommitHash = Digest.Of("x"u8) }),
            (AppendRefusal.PayloadWrong, fine with { Welcome = StoredPayload.Inline(World.Bytes(5)) }),
            (AppendRefusal.PayloadWrong, adding with { Welcome = default }),
            (AppendRefusal.PayloadWrong, adding with { External = true }),
            (AppendRefusal.PayloadWrong, fine with { Base = null }),
            (AppendRefusal.BlobUnknown, fine with { GroupInfo = StoredPayload.InBlob(Digest.Of("x"u8), 1) }),
        ];
        foreach ((AppendRefusal reason, NewEntry entry) in cases)
        {
            Assert.Equal(new AppendResult.Refused(reason), await World.AppendAsync(entry));
        }
        Assert.Equal(1, (await Store.ReadLogAsync(group.Id, alice, 0, StoreWorld.Wide, Token))!.NewestIndex);
        await World.CommitAsync(group, fine with { External = true });
        Assert.Equal([alice, bob], (await Store.ReadRosterAsync(group.Id, null, Token))!.ToHashSet());
    }

    [Fact]
    public async Task Garbage_is_followed_but_not_built_on()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        DeviceAddress bob = await World.PersonAsync("bob@x");
        DeviceAddress mallory = await World.PersonAsync("mallory@x");
        TestGroup group = await World.GroupAsync(alice, bob, mallory);

        // A commit that no member takes, which says that it removes the others.
        NewEntry garbage = group.Next(mallory, removed: [alice, bob]);
        await World.GarbageAsync(group, garbage);
        Assert.Equal([mallory], await Store.ReadRosterAsync(group.Id, null, Token));
        Assert.Equal(2, (await World.SendAsync(World.Message(group, alice))).Recipients);
        Assert.NotNull(await Store.ReadLogAsync(group.Id, bob, 0, StoreWorld.Wide, Token));
        Assert.Null(await Store.ReadGroupInfoAsync(group.Id, bob, null, Token));
        Assert.Equal(group.Valid.GroupInfo.Bytes.ToArray(), (await Store.ReadGroupInfoAsync(group.Id, bob, group.Valid.Hash, Token))!.GroupInfo.Bytes.ToArray());
        Assert.True(await Store.ReportEntryAsync(group.Id, bob, garbage.Hash, Token));
        Assert.Equal([garbage.Hash], (await Store.ListGroupsAsync(bob, Token)).Select(head => head.Hash));

        await World.CommitAsync(group, group.Next(bob));
        Assert.Equal([alice, bob, mallory], (await Store.ReadRosterAsync(group.Id, null, Token))!.ToHashSet());
        Assert.Equal([false, false, true, false], (await Store.ReadLogAsync(group.Id, alice, 0, StoreWorld.Wide, Token))!.Entries.Select(entry => entry.Reported));
        Assert.Equal(2, (await World.SendAsync(World.Message(group, alice))).Recipients);
    }

    [Fact]
    public async Task A_chain_of_reported_garbage_does_not_age_the_true_epoch()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        DeviceAddress mallory = await World.PersonAsync("mallory@x");
        TestGroup group = await World.GroupAsync(alice, mallory);
        NewEntry last = group.Next(mallory);
        for (int i = 0; i < 7; i++)
        {
            await World.GarbageAsync(group, last);
            last = group.Next(mallory) with { Base = last.Hash, Epoch = last.Epoch + 1 };
        }
        Assert.Equal(SendStatus.EpochStale, (await World.SendAsync(World.Message(group, alice))).Status);
        foreach (StoredEntry entry in (await Store.ReadLogAsync(group.Id, alice, 2, StoreWorld.Wide, Token))!.Entries)
        {
            Assert.True(await Store.ReportEntryAsync(group.Id, alice, entry.Hash, Token));
        }
        Assert.Equal(SendStatus.Stored, (await World.SendAsync(World.Message(group, alice))).Status);
        await World.CommitAsync(group, group.Next(alice));
    }

    [Fact]
    public async Task Only_members_report_and_only_what_is_there()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        DeviceAddress mallory = await World.PersonAsync("mallory@x");
        TestGroup group = await World.GroupAsync(alice);
        await World.CommitAsync(group, group.Next(alice));
        Assert.False(await Store.ReportEntryAsync(group.Id, mallory, group.Last.Hash, Token));
        Assert.False(await Store.ReportEntryAsync(group.Id, alice, Digest.Of("x"u8), Token));
        Assert.False(await Store.ReportEntryAsync(new GroupId([1]), alice, group.Last.Hash, Token));
        LogPage log = (await Store.ReadLogAsync(group.Id, alice, 0, StoreWorld.Wide, Token))!;
        Assert.False(await Store.ReportEntryAsync(group.Id, alice, log.Entries[0].Hash, Token));
        Assert.DoesNotContain(log.Entries, entry => entry.Reported);
    }

    [Fact]
    public async Task A_base_may_be_so_many_unreported_entries_back()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        DeviceAddress mallory = await World.PersonAsync("mallory@x");
        DeviceAddress bob = await World.PersonAsync("bob@x");
        TestGroup group = await World.GroupAsync(alice, mallory, bob);
        TestGroup honest = group;

        // 63 more entries: the base is the oldest of 64. Ten of them are reported, and so do not count.
        for (int i = 0; i < 73; i++)
        {
            NewEntry garbage = group.Next(mallory);
            await World.GarbageAsync(group, garbage);
            if (i < 10)
            {
                Assert.True(await Store.ReportEntryAsync(group.Id, alice, garbage.Hash, Token));
            }
        }
        Assert.NotNull(await Store.ReadRosterAsync(group.Id, honest.Valid.Hash, Token));
        await World.GarbageAsync(group, group.Next(mallory));
        Assert.Null(await Store.ReadRosterAsync(group.Id, honest.Valid.Hash, Token));
        Assert.Equal(new AppendResult.Refused(AppendRefusal.BaseUnknown), await World.AppendAsync(group.Next(alice)));
        Assert.Equal(SendStatus.EpochStale, (await World.SendAsync(World.Message(group, alice))).Status);
    }

    [Fact]
    public async Task A_device_that_was_removed_is_forgotten_with_the_window()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        DeviceAddress bob = await World.PersonAsync("bob@x");
        TestGroup group = await World.GroupAsync(alice, bob);
        await World.CommitAsync(group, group.Next(alice, removed: [bob]));
        Assert.Empty(await Store.ListGroupsAsync(bob, Token));
        Assert.Equal(SendStatus.NotMember, (await World.SendAsync(World.Message(group, bob))).Status);
        Assert.Equal(new AppendResult.Refused(AppendRefusal.NotMember), await World.AppendAsync(group.Next(bob)));
        Assert.Null(await Store.ReadGroupInfoAsync(group.Id, bob, null, Token));
        Assert.NotNull(await Store.ReadLogAsync(group.Id, bob, 0, StoreWorld.Wide, Token));
        Assert.Contains(bob, await Store.FindPeersAsync("alice@x", 10, Token));
        for (int i = 0; i < 63; i++)
        {
            await World.CommitAsync(group, group.Next(alice));
        }
        Assert.Null(await Store.ReadLogAsync(group.Id, bob, 0, StoreWorld.Wide, Token));
        Assert.DoesNotContain(bob, await Store.FindPeersAsync("alice@x", 10, Token));
    }

    [Fact]
    public async Task The_GroupInfo_of_the_last_entries_is_kept()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        DeviceAddress bob = await World.PersonAsync("bob@x");
        TestGroup group = await World.GroupAsync(alice);
        NewEntry first = group.Last;
        for (int i = 0; i < 15; i++)
        {
            await World.CommitAsync(group, group.Next(alice));
        }
        GroupInfoRecord newest = (await Store.ReadGroupInfoAsync(group.Id, alice, null, Token))!;
        Assert.Equal(group.Last.GroupInfo.Bytes.ToArray(), newest.GroupInfo.Bytes.ToArray());
        Assert.Equal((group.Last.Hash, new GroupHead(group.Id, 15, group.Last.Hash)), (newest.Entry.Hash, newest.Newest));
        GroupInfoRecord oldest = (await Store.ReadGroupInfoAsync(group.Id, alice, first.Hash, Token))!;
        Assert.Equal(first.GroupInfo.Bytes.ToArray(), oldest.GroupInfo.Bytes.ToArray());
        Assert.Equal(15, oldest.Newest.Index);
        Assert.Null(await Store.ReadGroupInfoAsync(group.Id, bob, null, Token));
        await World.CommitAsync(group, group.Next(alice));
        Assert.Null(await Store.ReadGroupInfoAsync(group.Id, alice, first.Hash, Token));
    }

    [Fact]
    public async Task The_log_is_read_in_pages()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        TestGroup group = await World.GroupAsync(alice);
        for (int i = 0; i < 5; i++)
        {
            await World.CommitAsync(group, group.Next(alice));
        }
        async Task<List<long>> Read(long from, int count, int bytes) =>
            [.. (await Store.ReadLogAsync(group.Id, alice, from, new PageBounds(count, bytes), Token))!.Entries.Select(entry => entry.Index)];
        Assert.Equal([2L, 3L], await Read(2, 2, 1 << 20));
        Assert.Equal([1L, 2L], await Read(1, 10, 400));
        Assert.Equal([4L], await Read(4, 10, 1));
        Assert.Empty(await Read(6, 10, 1 << 20));
    }
}
