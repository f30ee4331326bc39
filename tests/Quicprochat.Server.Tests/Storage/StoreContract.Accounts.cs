using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests.Storage;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_name_is_given_once()
    {
        NewDeviceList alice = World.List("alice@x", World.NewDeviceId());
        Assert.Equal(RegisterResult.Registered, await Store.RegisterAsync(alice, null, World.NowMs, Token));
        Assert.Equal(RegisterResult.AlreadyThere, await Store.RegisterAsync(alice, null, World.NowMs, Token));
        Assert.Equal(RegisterResult.NameTaken, await Store.RegisterAsync(World.List("alice@x", World.NewDeviceId()), null, World.NowMs, Token));
        Assert.Equal(RegisterResult.KeyTaken, await Store.RegisterAsync(alice with { Account = "bob@x" }, null, World.NowMs, Token));
        Assert.Null(await Store.FindAccountAsync("bob@x", Token));
    }

    [Fact]
    public async Task Of_many_who_want_a_name_at_once_one_gets_it()
    {
        NewDeviceList[] lists = [.. Enumerable.Range(0, 20).Select(_ => World.List("alice@x", World.NewDeviceId()))];
        RegisterResult[] results = await Task.WhenAll(lists.Select(list => Task.Run(() => Store.RegisterAsync(list, null, World.NowMs, Token).AsTask(), Token)));
        int winner = Assert.Single(Enumerable.Range(0, 20), i => results[i] == RegisterResult.Registered);
        Assert.Equal(19, results.Count(result => result == RegisterResult.NameTaken));
        AccountRecord account = (await Store.FindAccountAsync("alice@x", Token))!;
        Assert.Equal(lists[winner].Signed.List.ToArray(), account.Newest.List.ToArray());
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(i == winner, await Store.FindDeviceAsync(new DeviceAddress("alice@x", lists[i].Devices[0].Id), Token) is not null);
        }
    }

    [Fact]
    public async Task An_invitation_is_good_for_as_many_accounts_as_it_says()
    {
        Digest code = Digest.Of("welcome"u8);
        NewDeviceList alice = World.List("alice@x", World.NewDeviceId());
        Assert.Equal(RegisterResult.InviteInvalid, await Store.RegisterAsync(alice, code, World.NowMs, Token));
        Assert.Null(await Store.FindAccountAsync("alice@x", Token));
        await Store.SetInviteAsync(new Invite(code, 2, World.NowMs + 1000), Token);
        Assert.Equal(RegisterResult.Registered, await Store.RegisterAsync(alice, code, World.NowMs, Token));
        Assert.Equal(RegisterResult.AlreadyThere, await Store.RegisterAsync(alice, code, World.NowMs, Token));
        Assert.Equal(RegisterResult.Registered, await Store.RegisterAsync(World.List("bob@x", World.NewDeviceId()), code, World.NowMs, Token));
        Assert.Equal(RegisterResult.InviteInvalid, await Store.RegisterAsync(World.List("carol@x", World.NewDeviceId()), code, World.NowMs, Token));

        await Store.SetInviteAsync(new Invite(code, 2, World.NowMs + 1000), Token);
        Assert.Equal(RegisterResult.InviteInvalid, await Store.RegisterAsync(World.List("carol@x", World.NewDeviceId()), code, World.NowMs + 1000, Token));
        Assert.True(await Store.RemoveInviteAsync(code, Token));
        Assert.False(await Store.RemoveInviteAsync(code, Token));
        Assert.Equal(RegisterResult.InviteInvalid, await Store.RegisterAsync(World.List("carol@x", World.NewDeviceId()), code, World.NowMs, Token));
    }

    [Fact]
    public async Task A_list_is_taken_only_if_it_follows_the_newest()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        NewDeviceList first = World.Newest("alice@x");
        NewDeviceList second = World.ListAfter(first, alice.Id, World.NewDeviceId());
        Assert.Equal(PublishStatus.DoesNotFollow, (await Store.PublishDevicesAsync(second with { PreviousHash = Digest.Of("x"u8) }, World.NowMs, Token)).Status);
        Assert.Equal(PublishStatus.DoesNotFollow, (await Store.PublishDevicesAsync(second with { AccountKey = World.Bytes(32) }, World.NowMs, Token)).Status);
        Assert.Equal(PublishStatus.DoesNotFollow, (await Store.PublishDevicesAsync(World.ListAfter(second, alice.Id), World.NowMs, Token)).Status);
        Assert.Equal(PublishStatus.AccountUnknown, (await Store.PublishDevicesAsync(second with { Account = "bob@x" }, World.NowMs, Token)).Status);
        Assert.Equal(PublishStatus.Published, (await Store.PublishDevicesAsync(second, World.NowMs, Token)).Status);
        PublishResult again = await Store.PublishDevicesAsync(second, World.NowMs, Token);
        Assert.Equal((PublishStatus.AlreadyThere, 2L), (again.Status, again.NewestVersion));
        Assert.Equal(PublishStatus.DoesNotFollow, (await Store.PublishDevicesAsync(World.ListAfter(first, alice.Id), World.NowMs, Token)).Status);

        IReadOnlyList<SignedList> chain = (await Store.ReadDeviceListsAsync("alice@x", 1, 10, Token))!;
        Assert.Equal([1L, 2L], chain.Select(list => list.Version));
        Assert.Equal(second.Signed.Signature.ToArray(), chain[1].Signature.ToArray());
        Assert.Equal([2L], (await Store.ReadDeviceListsAsync("alice@x", 2, 10, Token))!.Select(list => list.Version));
        Assert.Equal([1L], (await Store.ReadDeviceListsAsync("alice@x", 1, 1, Token))!.Select(list => list.Version));
        Assert.Null(await Store.ReadDeviceListsAsync("bob@x", 1, 1, Token));
    }

    [Fact]
    public async Task An_account_is_found_by_name_and_by_key()
    {
        await World.PersonAsync("alice@x");
        DeviceAddress bob = await World.PersonAsync("bob@x");
        NewDeviceList list = World.Newest("bob@x");
        foreach (AccountRecord? found in new[] { await Store.FindAccountAsync("bob@x", Token), await Store.FindAccountByKeyAsync(list.AccountKey, Token) })
        {
            Assert.Equal(("bob@x", 1L), (found!.Account, found.Newest.Version));
            Assert.Equal(list.AccountKey.ToArray(), found.AccountKey.ToArray());
            Assert.Equal(list.Signed.List.ToArray(), found.Newest.List.ToArray());
        }
        DeviceRecord device = (await Store.FindDeviceAsync(bob, Token))!;
        Assert.Equal(list.Devices[0].Key.ToArray(), device.Listed.Key.ToArray());
        Assert.Equal((0L, long.MaxValue), (device.Listed.NotBefore, device.Listed.NotAfter));
        Assert.Null(await Store.FindAccountByKeyAsync(World.Bytes(32), Token));
        Assert.Null(await Store.FindDeviceAsync(bob with { Account = "alice@x" }, Token));
    }

    [Fact]
    public async Task A_device_that_a_new_list_leaves_out_loses_everything()
    {
        DeviceAddress[] alice = await World.RegisterAsync("alice@x", 2);
        DeviceAddress bob = await World.PersonAsync("bob@x");
        TestGroup group = await World.GroupAsync(bob, alice);
        await World.SendAsync(group, bob);
        await World.UploadAsync(alice[1], World.KeyPackage(), World.KeyPackage(lastResort: true));

        PublishResult result = await World.PublishAsync("alice@x", alice[0].Id);
        Assert.Equal([alice[1]], result.Removed);
        Assert.Null(await Store.FindDeviceAsync(alice[1], Token));
        Assert.Empty(await World.MailboxAsync(alice[1]));
        Assert.Null(await Store.OpenMailboxAsync(alice[1], 0, Token));
        Assert.Empty(await Store.ReadStockAsync(alice[1], World.NowMs, Token));
        Assert.Equal(UploadStatus.DeviceUnknown, (await World.UploadAsync(alice[1], World.KeyPackage())).Status);
        Assert.False(await Store.AcknowledgeAsync(alice[1], 1, Token));
        Assert.Equal(SendStatus.NotMember, (await World.SendAsync(World.Message(group, alice[1]))).Status);
        Assert.Equal([alice[1].Id], (await Store.TakeKeyPackagesAsync("alice@x", StoreWorld.Suite, [alice[1].Id], World.NowMs, Token))!.Missing);
        Assert.Null(await Store.ReadLogAsync(group.Id, alice[1], 0, StoreWorld.Wide, Token));

        // The roster still has it until a member takes it off; nothing is stored for it.
        Assert.Equal(1, (await World.SendAsync(World.Message(group, bob))).Recipients);
        await World.CommitAsync(group, group.Next(bob, removed: [alice[1]]));
    }

    [Fact]
    public async Task The_numbers_of_a_device_that_comes_back_go_on_growing()
    {
        DeviceAddress[] alice = await World.RegisterAsync("alice@x", 2);
        DeviceAddress bob = await World.PersonAsync("bob@x");
        TestGroup group = await World.GroupAsync(bob, alice);
        long before = (await World.StateAsync(alice[1])).Newest;
        await World.PublishAsync("alice@x", alice[0].Id);
        await World.PublishAsync("alice@x", alice[0].Id, alice[1].Id);
        Assert.Equal(new MailboxState(before, before, 0), await World.StateAsync(alice[1]));
        await World.SendAsync(group, bob);
        Assert.Equal([before + 1], (await World.MailboxAsync(alice[1])).Select(envelope => envelope.Sequence));
    }

    [Fact]
    public async Task Peers_are_those_who_share_a_group()
    {
        DeviceAddress[] alice = await World.RegisterAsync("alice@x", 2);
        DeviceAddress bob = await World.PersonAsync("bob@x");
        DeviceAddress carol = await World.PersonAsync("carol@x");
        DeviceAddress dave = await World.PersonAsync("dave@x");
        await World.GroupAsync(alice[0], alice[1], bob);
        await World.GroupAsync(bob, carol);
        await World.GroupAsync(dave);
        Assert.Equal([.. alice, bob], (await Store.FindPeersAsync("alice@x", 100, Token)).ToHashSet());
        Assert.Equal([.. alice, bob, carol], (await Store.FindPeersAsync("bob@x", 100, Token)).ToHashSet());
        Assert.Equal(2, (await Store.FindPeersAsync("bob@x", 2, Token)).Count);
        Assert.Empty(await Store.FindPeersAsync("nobody@x", 100, Token));
    }

    [Fact]
    public async Task Who_gave_up_gets_no_answer()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.FindAccountAsync("alice@x", gone.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Store.RegisterAsync(World.List("alice@x", World.NewDeviceId()), null, World.NowMs, gone.Token));
        Assert.Null(await Store.FindAccountAsync("alice@x", Token));
    }

    [Fact]
    public async Task Changes_are_told_to_all_who_ask()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        await World.UploadAsync(alice, World.KeyPackage());
        using IChangeReader one = Store.OpenChanges();
        using IChangeReader other = Store.OpenChanges();
        await World.PublishAsync("alice@x", alice.Id, World.NewDeviceId());
        await World.TakeAsync("alice@x");
        await World.PublishAsync("alice@x", alice.Id);
        foreach (IChangeReader reader in new[] { one, other })
        {
            // Each instance tells its own at once and those of others soon: their order between instances is open.
            var changes = new HashSet<StoreChange> { await reader.ReadAsync(Token), await reader.ReadAsync(Token), await reader.ReadAsync(Token) };
            Assert.Equal(
                [new StoreChange.DevicesPublished("alice@x", 2), new StoreChange.KeyPackageTaken(alice), new StoreChange.DevicesPublished("alice@x", 3)], changes);
        }
    }

    [Fact]
    public async Task Figures_count()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        DeviceAddress[] bob = await World.RegisterAsync("bob@x", 2);
        TestGroup group = await World.GroupAsync(alice, bob);
        await World.EmptyAsync(bob);
        await World.SendAsync(group, alice);
        await World.BlobAsync(group, alice, World.Bytes(1000));
        StoreFigures figures = await Store.ReadFiguresAsync(Token);
        Assert.Equal((2L, 3L, 1L, 1L, 1000L), (figures.Accounts, figures.Devices, figures.Groups, figures.Messages, figures.BlobBytes));
    }
}
