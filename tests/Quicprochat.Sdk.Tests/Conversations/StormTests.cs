namespace Quicprochat.Sdk.Tests.Conversations;

public sealed class StormTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_who_commit_at_once_end_in_one_epoch()
    {
        const int people = 6;
        const int rounds = 8;
        await using var world = new TestWorld();
        List<QpcClient> clients = [];
        for (int i = 0; i < people; i++)
        {
            clients.Add(await world.RegisterAsync($"user{i}"));
        }
        List<Watch> watches = [.. clients.Select(static client => new Watch(client))];
        Conversation group = await clients[0].CreateGroupAsync("storm", clients.Skip(1).Select(static client => client.Account), Cancellation);
        for (int i = 1; i < people; i++)
        {
            await watches[i].ForAsync<ConversationAdded>();
        }

        await Task.WhenAll(clients.Select(async client =>
        {
            Conversation mine = client.Conversations[0];
            for (int round = 0; round < rounds; round++)
            {
                await mine.UpdateKeysAsync(Cancellation);
                await mine.SendTextAsync($"{client.Account} {round}", Cancellation);
            }
        }));

        ulong epoch = clients.Max(static client => client.Conversations[0].Epoch);
        for (int i = 0; i < people; i++)
        {
            QpcClient client = clients[i];
            await watches[i].UntilAsync(() => client.Conversations[0].Epoch == epoch && watches[i].Texts.Count == (people - 1) * rounds, "the end of the storm");
            Assert.Equal(group.EpochAuthenticator.ToArray(), client.Conversations[0].EpochAuthenticator.ToArray());
            Assert.Equal(watches[i].Texts.Count, watches[i].Texts.Distinct().Count());
            Assert.DoesNotContain(watches[i].All, static item => item is Rejoined or ForkSuspected);
        }
        Assert.Equal((ulong)(people * rounds) + 1, epoch);
    }

    [Fact]
    public async Task Two_who_invite_the_same_person_at_once_both_succeed()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        QpcClient carol = await world.RegisterAsync("carol");
        var bobs = new Watch(bob);
        var carols = new Watch(carol);
        Conversation group = await alice.CreateGroupAsync("friends", ["bob"], Cancellation);
        await bobs.ForAsync<ConversationAdded>();

        await Task.WhenAll(group.InviteAsync(["carol"], Cancellation), bob.Conversations[0].InviteAsync(["carol"], Cancellation));
        await carols.ForAsync<ConversationAdded>();
        await group.SendTextAndWaitAsync("welcome", Cancellation);
        await carols.TextsAsync("welcome");

        Assert.Equal(3, carol.Conversations[0].Members.Count);
        Assert.Equal(group.EpochAuthenticator.ToArray(), carol.Conversations[0].EpochAuthenticator.ToArray());
    }

    [Fact]
    public async Task Two_who_begin_a_conversation_at_once_find_the_same_one_afterwards()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");

        await Task.WhenAll(alice.GetDirectAsync("bob", Cancellation), bob.GetDirectAsync("alice", Cancellation));
        await alice.SyncAsync(Cancellation);
        await bob.SyncAsync(Cancellation);

        Assert.Equal((await alice.GetDirectAsync("bob", Cancellation)).Id, (await bob.GetDirectAsync("alice", Cancellation)).Id);
    }
}
