namespace Quicprochat.Sdk.Tests.Conversations;

public sealed class DeviceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_device_is_added_to_what_there_is_and_sees_everything_from_then_on()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        var bobs = new Watch(bob);
        Conversation direct = await alice.GetDirectAsync("bob", Cancellation);
        await direct.SendTextAndWaitAsync("before", Cancellation);
        await bobs.TextsAsync("before");

        QpcClient phone = await world.LinkAsync(alice, "phone");
        var phones = new Watch(phone);
        await phones.UntilAsync(() => phone.Conversations.Count == 1, "the conversation on the second device");
        await direct.SendTextAndWaitAsync("from the laptop", Cancellation);
        await phones.TextsAsync("from the laptop");
        await bobs.TextsAsync("before", "from the laptop");
        var alices = new Watch(alice);
        await phone.Conversations[0].SendTextAndWaitAsync("from the phone", Cancellation);
        MessageReceived own = await alices.ForAsync<MessageReceived>();
        await bobs.TextsAsync("before", "from the laptop", "from the phone");

        Assert.True(own.Message.IsOwn);
        Assert.Equal("alice@test.example", own.Message.Sender);
        Assert.Equal(phone.DeviceId, own.Message.SenderDevice);
        Assert.Equal(2, bob.Conversations[0].Members.Single(static member => member.Account == "alice@test.example").Devices.Count);
        Assert.Equal(2, alice.Devices.Count);
        Assert.Equal("bob@test.example", phone.Conversations[0].Name);
    }

    [Fact]
    public async Task Adding_a_person_adds_every_device()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        QpcClient phone = await world.LinkAsync(bob, "phone");
        var bobs = new Watch(bob);
        var phones = new Watch(phone);

        // The phone has key packages at the server as soon as it has been connected for a moment.
        await phone.Parts.Receiver.Stocked.WaitAsync(Cancellation);
        Conversation direct = await alice.GetDirectAsync("bob", Cancellation);
        await direct.SendTextAsync("hello", Cancellation);
        await bobs.TextsAsync("hello");
        await phones.TextsAsync("hello");
    }

    [Fact]
    public async Task A_revoked_device_is_removed_and_cut_off()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        QpcClient phone = await world.LinkAsync(bob, "phone");
        await phone.Parts.Receiver.Stocked.WaitAsync(Cancellation);
        var phones = new Watch(phone);
        var alices = new Watch(alice);
        var bobs = new Watch(bob);
        Conversation direct = await alice.GetDirectAsync("bob", Cancellation);
        await direct.SendTextAsync("one", Cancellation);
        await phones.TextsAsync("one");

        await bob.RevokeDeviceAsync(phone.DeviceId, Cancellation);
        await phones.ForAsync<ConnectionChanged>(static change => change.State == ConnectionState.Offline);
        await alices.UntilAsync(() => direct.Members.Single(static member => member.Account == "bob@test.example").Devices.Count == 1, "the device's removal");
        await direct.SendTextAndWaitAsync("two", Cancellation);
        await bobs.TextsAsync("one", "two");

        Assert.Equal(QpcError.DeviceRevoked, phone.Problem!.Error);
        Assert.Equal(["one"], phones.Texts);
        Assert.Single(bob.Devices);
    }

    [Fact]
    public async Task A_request_of_another_account_or_a_changed_one_is_not_approved()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        string other = await QpcClient.RequestLinkAsync(world.Options("x"), new LinkOptions { Account = "bob@test.example", Server = TestWorld.Address }, Cancellation);
        string good = await QpcClient.RequestLinkAsync(world.Options("y"), new LinkOptions { Account = alice.Account, Server = TestWorld.Address }, Cancellation);
        char[] changed = good.ToCharArray();
        changed[^3] = changed[^3] == 'A' ? 'B' : 'A';

        foreach (string request in new[] { other, new string(changed), "nonsense", "" })
        {
            Assert.Equal(QpcError.IdentityInvalid, (await Assert.ThrowsAsync<QpcException>(() => alice.ApproveDeviceAsync(request, Cancellation))).Error);
        }
        await Assert.ThrowsAsync<QpcException>(() => QpcClient.CompleteLinkAsync(world.Options("y"), "nonsense", Cancellation));
        Assert.Single(alice.Devices);
    }
}
