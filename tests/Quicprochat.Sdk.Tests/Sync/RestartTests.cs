namespace Quicprochat.Sdk.Tests.Sync;

public sealed class RestartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_said_offline_goes_out_later_once_and_in_order()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        var bobs = new Watch(bob);
        Conversation direct = await alice.GetDirectAsync("bob", Cancellation);
        await direct.SendTextAndWaitAsync("zero", Cancellation);
        await alice.DisconnectAsync();

        for (int i = 1; i <= 5; i++)
        {
            await direct.SendTextAsync($"{i}", Cancellation);
        }
        Assert.Equal(ConnectionState.Offline, alice.State);
        await alice.DisposeAsync();

        QpcClient again = await world.OpenAsync("alice", connect: false);
        Conversation same = again.Conversations[0];
        MessageState[] states = [.. await same.HistoryAsync(cancellationToken: Cancellation).Select(static message => message.State).ToListAsync(Cancellation)];
        Assert.All(states[1..], static state => Assert.Equal(MessageState.Queued, state));
        await again.ConnectAsync(Cancellation);
        await again.SyncAsync(Cancellation);
        await bobs.TextsAsync("zero", "1", "2", "3", "4", "5");
    }

    [Fact]
    public async Task What_came_while_away_is_there_after_the_next_connection()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        QpcClient carol = await world.RegisterAsync("carol");
        Conversation group = await alice.CreateGroupAsync("friends", ["bob"], Cancellation);
        await bob.SyncAsync(Cancellation);
        await bob.DisposeAsync();

        await group.SendTextAndWaitAsync("one", Cancellation);
        await group.UpdateKeysAsync(Cancellation);
        await group.SendTextAndWaitAsync("two", Cancellation);
        await group.InviteAsync(["carol"], Cancellation);
        await carol.SyncAsync(Cancellation);
        await carol.FindConversation("friends")!.SendTextAndWaitAsync("three", Cancellation);

        QpcClient again = await world.OpenAsync("bob");
        await again.SyncAsync(Cancellation);
        Conversation same = again.FindConversation("friends")!;
        Assert.Equal(["one", "two", "three"], await same.HistoryAsync(cancellationToken: Cancellation).Select(static message => message.Text).ToListAsync(Cancellation));
        Assert.Equal(group.EpochAuthenticator.ToArray(), same.EpochAuthenticator.ToArray());
        Assert.Equal(3, same.UnreadCount);
    }

    [Fact]
    public async Task The_server_restarts_and_nothing_is_missing()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        var bobs = new Watch(bob);
        var alices = new Watch(alice);
        Conversation direct = await alice.GetDirectAsync("bob", Cancellation);
        await direct.SendTextAndWaitAsync("one", Cancellation);

        await world.StopServerAsync();
        await direct.SendTextAsync("two", Cancellation);
        await alices.ForAsync<ConnectionChanged>(static change => change.State == ConnectionState.Reconnecting);
        world.StartServer();
        await direct.SendTextAsync("three", Cancellation);
        await bobs.TextsAsync("one", "two", "three");

        await bob.Conversations[0].UpdateKeysAsync(Cancellation);
        await direct.SendTextAsync("four", Cancellation);
        await bobs.TextsAsync("one", "two", "three", "four");
    }

    [Fact]
    public async Task Connections_break_all_the_time_and_every_message_arrives_once_and_in_order()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        QpcClient carol = await world.RegisterAsync("carol");
        var bobs = new Watch(bob);
        var carols = new Watch(carol);
        Conversation group = await alice.CreateGroupAsync("friends", ["bob", "carol"], Cancellation);
        string[] lines = [.. Enumerable.Range(0, 300).Select(static i => $"line {i}")];

        Task<long> sending = group.SendManyAsync(SlowlyAsync(lines, world), Cancellation);
        await sending;
        await bobs.TextsAsync(lines);
        await carols.TextsAsync(lines);
        Assert.DoesNotContain(bobs.All, static item => item is Rejoined);
    }

    [Fact]
    public async Task An_answer_that_is_lost_is_asked_for_again()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        var bobs = new Watch(bob);
        Conversation group = await alice.CreateGroupAsync("friends", ["bob"], Cancellation);

        for (int i = 0; i < 10; i++)
        {
            Task commit = group.UpdateKeysAsync(Cancellation);
            Task message = group.SendTextAndWaitAsync($"{i}", Cancellation);
            await world.CutAsync();
            await Task.WhenAll(commit, message);
        }
        await bobs.TextsAsync("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        await bob.SyncAsync(Cancellation);

        Assert.Equal(11UL, group.Epoch);
        Assert.Equal(group.EpochAuthenticator.ToArray(), bob.Conversations[0].EpochAuthenticator.ToArray());
    }

    [Fact]
    public async Task A_store_that_was_rolled_back_joins_again_and_uses_no_key_twice()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        var alices = new Watch(alice);
        Conversation direct = await alice.GetDirectAsync("bob", Cancellation);
        await direct.SendTextAndWaitAsync("one", Cancellation);
        await bob.SyncAsync(Cancellation);
        await bob.DisposeAsync();
        world.CopyProfile("bob", "copy");

        QpcClient ahead = await world.OpenAsync("bob");
        await direct.SendTextAndWaitAsync("two", Cancellation);
        await ahead.SyncAsync(Cancellation);
        await ahead.Conversations[0].SendTextAndWaitAsync("from the newer store", Cancellation);
        await alices.TextsAsync("from the newer store");
        await ahead.DisposeAsync();
        world.DeleteProfile("bob");
        world.CopyProfile("copy", "bob");

        QpcClient behind = await world.OpenAsync("bob", connect: false);
        var behinds = new Watch(behind);
        await behind.ConnectAsync(Cancellation);
        Rejoined rejoined = await behinds.ForAsync<Rejoined>();
        await behind.Conversations[0].SendTextAndWaitAsync("from the older store", Cancellation);
        await alices.TextsAsync("from the newer store", "from the older store");
        await direct.SendTextAndWaitAsync("three", Cancellation);
        await behinds.TextsAsync("three");

        Assert.Contains("older copy", rejoined.Reason, StringComparison.Ordinal);
        Assert.Equal(direct.EpochAuthenticator.ToArray(), behind.Conversations[0].EpochAuthenticator.ToArray());
        Assert.Single(direct.Members.Single(static member => !member.IsSelf).Devices);
    }

    [Fact]
    public async Task Clients_are_opened_anew_at_every_step()
    {
        await using var world = new TestWorld();
        await (await world.RegisterAsync("alice")).DisposeAsync();
        await (await world.RegisterAsync("bob")).DisposeAsync();

        await using (QpcClient alice = await world.OpenAsync("alice"))
        {
            await alice.CreateGroupAsync("friends", ["bob"], Cancellation);
        }
        for (int i = 0; i < 4; i++)
        {
            await using (QpcClient alice = await world.OpenAsync("alice"))
            {
                await alice.FindConversation("friends")!.SendTextAsync($"{i}", Cancellation);
            }
            await using (QpcClient alice = await world.OpenAsync("alice"))
            {
                await alice.FindConversation("friends")!.UpdateKeysAsync(Cancellation);
                await alice.SyncAsync(Cancellation);
            }
            await using QpcClient bob = await world.OpenAsync("bob");
            await bob.SyncAsync(Cancellation);
        }
        QpcClient last = await world.OpenAsync("bob", connect: false);
        Assert.Equal(["0", "1", "2", "3"], await last.FindConversation("friends")!.HistoryAsync(cancellationToken: Cancellation).Select(static message => message.Text).ToListAsync(Cancellation));
        Assert.Equal(5UL, last.FindConversation("friends")!.Epoch);
    }

    private static async IAsyncEnumerable<string> SlowlyAsync(string[] lines, TestWorld world)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            yield return lines[i];
            if (i % 20 == 10)
            {
                await world.CutAsync();
            }
        }
    }
}
