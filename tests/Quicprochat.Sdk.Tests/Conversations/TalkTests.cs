namespace Quicprochat.Sdk.Tests.Conversations;

public sealed class TalkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_accounts_talk()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        var seen = new Watch(bob);
        var back = new Watch(alice);

        Conversation direct = await alice.GetDirectAsync("bob", Cancellation);
        await direct.SendTextAsync("hello", Cancellation);
        MessageReceived received = await seen.ForAsync<MessageReceived>();
        await received.Conversation.SendTextAsync("hello to you", Cancellation);
        await back.TextsAsync("hello to you");

        Assert.Equal("hello", received.Message.Text);
        Assert.Equal("alice@test.example", received.Message.Sender);
        Assert.False(received.Message.IsOwn);
        Assert.Equal(ConversationKind.Direct, received.Conversation.Kind);
        Assert.Equal("alice@test.example", received.Conversation.Name);
        Assert.Equal("bob@test.example", direct.Name);
        Assert.Equal(direct.EpochAuthenticator.ToArray(), received.Conversation.EpochAuthenticator.ToArray());
        Assert.Contains("MLKEM768X25519", direct.CipherSuite, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_talk_in_a_group_and_everybody_sees_the_same()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        QpcClient carol = await world.RegisterAsync("carol");
        var bobs = new Watch(bob);
        var carols = new Watch(carol);
        var alices = new Watch(alice);

        Conversation group = await alice.CreateGroupAsync("friends", ["bob", "carol"], Cancellation);
        await group.SendTextAndWaitAsync("one", Cancellation);
        await bobs.TextsAsync("one");
        await carols.TextsAsync("one");
        await bob.FindConversation("friends")!.SendTextAndWaitAsync("two", Cancellation);
        await carols.TextsAsync("one", "two");
        await carol.FindConversation("friends")!.SendTextAndWaitAsync("three", Cancellation);
        await alices.TextsAsync("two", "three");
        await bobs.TextsAsync("one", "three");

        foreach (QpcClient client in new[] { alice, bob, carol })
        {
            Conversation conversation = client.FindConversation("friends")!;
            Assert.Equal(group.EpochAuthenticator.ToArray(), conversation.EpochAuthenticator.ToArray());
            Assert.Equal(3, conversation.Members.Count);
            List<string?> texts = [];
            await foreach (ChatMessage message in conversation.HistoryAsync(cancellationToken: Cancellation))
            {
                texts.Add(message.Text);
            }
            Assert.Equal(["one", "two", "three"], texts);
        }
    }

    [Fact]
    public async Task A_removed_member_cannot_read_what_comes_after()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        QpcClient carol = await world.RegisterAsync("carol");
        var bobs = new Watch(bob);
        var carols = new Watch(carol);

        Conversation group = await alice.CreateGroupAsync("friends", ["bob", "carol"], Cancellation);
        await group.SendTextAndWaitAsync("before", Cancellation);
        await bobs.TextsAsync("before");
        await group.RemoveAsync(["bob"], Cancellation);
        await bobs.ForAsync<ConversationLeft>();
        await group.SendTextAndWaitAsync("after", Cancellation);
        await carols.TextsAsync("before", "after");
        await bob.SyncAsync(Cancellation);

        Assert.Equal(["before"], bobs.Texts);
        Conversation left = bob.FindConversation("friends")!;
        Assert.Equal(ConversationStatus.Left, left.Status);
        QpcException refused = await Assert.ThrowsAsync<QpcException>(() => left.SendTextAsync("let me in", Cancellation));
        Assert.Equal(QpcError.NotMember, refused.Error);
        Assert.Equal(["alice@test.example", "carol@test.example"], group.Members.Select(static member => member.Account));
    }

    [Fact]
    public async Task A_thousand_messages_arrive_once_and_in_order()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        var bobs = new Watch(bob);
        string[] lines = [.. Enumerable.Range(0, 1000).Select(static i => $"line {i}")];

        Conversation direct = await alice.GetDirectAsync("bob", Cancellation);
        long sent = await direct.SendManyAsync(lines.ToAsyncEnumerable(), Cancellation);
        await bobs.TextsAsync(lines);

        Assert.Equal(1000, sent);
    }

    [Fact]
    public async Task The_invited_read_from_then_on_and_learn_the_name()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        QpcClient carol = await world.RegisterAsync("carol");
        var carols = new Watch(carol);
        var bobs = new Watch(bob);

        Conversation group = await alice.CreateGroupAsync("friends", ["bob"], Cancellation);
        await group.SendTextAndWaitAsync("before", Cancellation);
        await bobs.TextsAsync("before");
        await bob.FindConversation("friends")!.InviteAsync(["carol"], Cancellation);
        ConversationAdded added = await carols.ForAsync<ConversationAdded>();
        await carols.ForAsync<ConversationRenamed>();
        await group.SendTextAndWaitAsync("after", Cancellation);
        await carols.TextsAsync("after");
        Assert.Equal("friends", added.Conversation.Name);

        await group.RenameAsync("better friends", Cancellation);
        await carols.ForAsync<ConversationRenamed>(static item => item.Name == "better friends");
        Assert.Equal("better friends", added.Conversation.Name);
        Assert.Equal("better friends", group.Name);
    }

    [Fact]
    public async Task Who_leaves_is_removed_by_the_others()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        QpcClient carol = await world.RegisterAsync("carol");
        var alices = new Watch(alice);
        var bobs = new Watch(bob);
        var carols = new Watch(carol);

        Conversation group = await alice.CreateGroupAsync("friends", ["bob", "carol"], Cancellation);
        await bobs.ForAsync<ConversationRenamed>();
        await bob.FindConversation("friends")!.LeaveAsync(Cancellation);
        await bobs.ForAsync<ConversationLeft>();
        await carols.ForAsync<MembersChanged>(static change => change.Left.Contains("bob@test.example"));

        await alices.ForAsync<MembersChanged>(static change => change.Left.Contains("bob@test.example"));

        Assert.Equal(2, group.Members.Count);
        await group.LeaveAsync(Cancellation);
        await carols.ForAsync<MembersChanged>(static change => change.Left.Contains("alice@test.example"));
        await carol.FindConversation("friends")!.LeaveAsync(Cancellation);
        Assert.Equal(ConversationStatus.Left, carol.FindConversation("friends")!.Status);
    }

    [Fact]
    public async Task Notes_are_for_oneself()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");

        Conversation notes = await alice.GetNotesAsync(Cancellation);
        await notes.SendTextAndWaitAsync("milk", Cancellation);

        Assert.Same(notes, await alice.GetNotesAsync(Cancellation));
        Assert.Equal(ConversationKind.Notes, notes.Kind);
        Assert.Equal("notes", notes.Name);
    }

    [Fact]
    public async Task Replies_reactions_edits_and_deletions_arrive()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        var bobs = new Watch(bob);

        Conversation direct = await alice.GetDirectAsync("bob", Cancellation);
        MessageId first = await direct.SendTextAsync("helo", Cancellation);
        await direct.SendAsync(new EditContent(first, "hello"), Cancellation);
        await direct.SendAsync(new ReactionContent(first, "👋"), Cancellation);
        await direct.SendAsync(new ReplyContent(first, "anyone?"), Cancellation);
        await direct.SendAsync(new DeleteContent(first), Cancellation);
        await bobs.ForAsync<MessageReceived>(static item => item.Message.Content is DeleteContent);

        MessageContent[] contents = [.. bobs.All.OfType<MessageReceived>().Select(static item => item.Message.Content)];
        Assert.Equal(
            [new TextContent("helo"), new EditContent(first, "hello"), new ReactionContent(first, "👋"), new ReplyContent(first, "anyone?"), new DeleteContent(first)], contents);
    }

    [Fact]
    public async Task The_sender_learns_that_a_message_was_delivered_and_read()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        var alices = new Watch(alice);
        var bobs = new Watch(bob);

        Conversation direct = await alice.GetDirectAsync("bob", Cancellation);
        MessageId id = await direct.SendTextAsync("hello", Cancellation);
        await alices.ForAsync<MessageStateChanged>(item => item.Id == id && item.State == MessageState.Sent);
        await alices.ForAsync<MessageStateChanged>(item => item.Id == id && item.State == MessageState.Delivered);
        MessageReceived received = await bobs.ForAsync<MessageReceived>();
        Assert.Equal(1, received.Conversation.UnreadCount);
        await received.Conversation.MarkReadAsync(id, Cancellation);
        await alices.ForAsync<MessageStateChanged>(item => item.Id == id && item.State == MessageState.Read);

        Assert.Equal(0, received.Conversation.UnreadCount);
        Assert.Equal(MessageState.Read, (await direct.FindMessageAsync(id, Cancellation))!.State);
    }
}
