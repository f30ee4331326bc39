using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;

namespace Quicprochat.Sdk.Tests.Identity;

public sealed class ContactTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_see_the_same_safety_number_and_may_say_that_they_compared_it()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");

        Contact here = await alice.GetContactAsync("bob", Cancellation);
        Contact there = await bob.GetContactAsync("alice@test.example", Cancellation);
        Contact verified = await alice.SetVerifiedAsync("bob", true, Cancellation);

        Assert.Equal(KeyTrust.FirstSeen, here.Trust);
        Assert.Equal(here.SafetyNumber, there.SafetyNumber);
        Assert.Equal(KeyTrust.Verified, verified.Trust);
        Assert.Equal(QpcError.AccountUnknown, (await Assert.ThrowsAsync<QpcException>(() => alice.GetContactAsync("nobody", Cancellation))).Error);
    }

    [Fact]
    public async Task A_changed_account_key_is_shown_and_nothing_is_sent_until_it_is_accepted()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        Conversation before = await alice.GetDirectAsync("bob", Cancellation);
        await before.SendTextAndWaitAsync("hello", Cancellation);
        string number = (await alice.GetContactAsync("bob", Cancellation)).SafetyNumber;
        SignedDeviceList alices = alice.Parts.Client.Profile.Record.Devices;
        await alice.DisposeAsync();
        await bob.DisposeAsync();

        // A server that begins anew, where somebody else is called bob: as a server that lies would have it.
        await world.StopServerAsync();
        Directory.Delete(world.ServerFolder, recursive: true);
        world.StartServer();
        QpcClient other = await world.RegisterAsync("bob", options => options with { ProfilePath = world.PathOf("other bob") });
        await other.Parts.Session.CallAsync(Methods.Register, new RegisterRequest { Devices = alices }, Cancellation);

        QpcClient again = await world.OpenAsync("alice");
        var seen = new Watch(again);
        Conversation group = await again.CreateGroupAsync("alone", [], Cancellation);
        QpcException refused = await Assert.ThrowsAsync<QpcException>(() => group.InviteAsync(["bob"], Cancellation));
        KeyChanged changed = await seen.ForAsync<KeyChanged>();
        Assert.Equal(QpcError.KeyChanged, refused.Error);
        Assert.Equal(KeyTrust.Changed, changed.Contact.Trust);
        Assert.NotEqual(number, changed.Contact.SafetyNumber);
        Conversation direct = again.FindConversation("bob@test.example")!;
        Assert.Equal(QpcError.KeyChanged, (await Assert.ThrowsAsync<QpcException>(() => direct.SendTextAsync("secret", Cancellation))).Error);

        Contact accepted = await again.AcceptKeyAsync("bob", Cancellation);
        await group.InviteAsync(["bob"], Cancellation);
        var others = new Watch(other);
        await group.SendTextAndWaitAsync("hello again", Cancellation);
        await others.TextsAsync("hello again");
        Assert.Equal(KeyTrust.FirstSeen, accepted.Trust);
    }
}
