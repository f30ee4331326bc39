namespace Quicprochat.Sdk.Tests.Session;

public sealed class ConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Names_are_taken_once()
    {
        await using var world = new TestWorld();
        await world.RegisterAsync("alice");

        QpcException taken = await Assert.ThrowsAsync<QpcException>(() => world.RegisterAsync("alice", options => options with { ProfilePath = world.PathOf("thief") }));

        Assert.Equal(QpcError.AccountExists, taken.Error);
        Assert.Equal("account.exists", taken.ServerCode);
        Assert.NotEmpty(taken.Remedy);
        Assert.False(Directory.Exists(world.PathOf("thief")));
    }

    [Fact]
    public async Task A_profile_is_made_once_and_opened_by_its_key_alone()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        await alice.DisposeAsync();

        Assert.Equal(QpcError.ProfileExists, (await Assert.ThrowsAsync<QpcException>(() => world.RegisterAsync("bob", options => options with { ProfilePath = world.PathOf("alice") }))).Error);
        QpcClientOptions wrong = world.Options("alice") with { Key = Sdk.Store.StoreKey.FromBytes(new byte[32]) };
        Assert.Equal(QpcError.ProfileUnusable, (await Assert.ThrowsAsync<QpcException>(() => QpcClient.OpenAsync(wrong, Cancellation))).Error);
        Assert.Equal(QpcError.ProfileMissing, (await Assert.ThrowsAsync<QpcException>(() => QpcClient.OpenAsync(world.Options("nothing"), Cancellation))).Error);
    }

    [Fact]
    public async Task Nobody_answers()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        await alice.DisconnectAsync();
        await world.StopServerAsync();

        QpcException problem = await Assert.ThrowsAsync<QpcException>(() => alice.ConnectAsync(Cancellation));

        Assert.Equal(QpcError.Unreachable, problem.Error);
        Assert.Equal(ConnectionState.Offline, alice.State);
        Assert.Equal(QpcError.NotConnected, (await Assert.ThrowsAsync<QpcException>(() => alice.GetDirectAsync("bob", Cancellation))).Error);
    }

    [Fact]
    public async Task The_same_device_elsewhere_takes_over()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        await alice.DisposeAsync();
        world.CopyProfile("alice", "copy");

        QpcClient first = await world.OpenAsync("alice");
        var firsts = new Watch(first);
        await world.OpenAsync("copy");
        ConnectionChanged offline = await firsts.ForAsync<ConnectionChanged>(static change => change.State == ConnectionState.Offline);

        Assert.Equal(QpcError.Replaced, offline.Problem!.Error);
    }

    [Fact]
    public async Task The_state_is_told()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        var seen = new Watch(alice);

        await world.CutAsync();
        await seen.ForAsync<ConnectionChanged>(static change => change.State == ConnectionState.Reconnecting);
        await seen.ForAsync<ConnectionChanged>(static change => change.State == ConnectionState.Connected);
        await alice.DisconnectAsync();
        await seen.ForAsync<ConnectionChanged>(static change => change is { State: ConnectionState.Offline, Problem: null });

        Assert.Null(alice.Security);
    }

    [Fact]
    public async Task An_unknown_account_cannot_be_talked_to()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");

        Assert.Equal(QpcError.AccountUnknown, (await Assert.ThrowsAsync<QpcException>(() => alice.GetDirectAsync("nobody", Cancellation))).Error);
        Assert.Equal(QpcError.AccountNameInvalid, (await Assert.ThrowsAsync<QpcException>(() => alice.GetDirectAsync("No Body", Cancellation))).Error);
        Assert.Empty(alice.Conversations);
    }
}
