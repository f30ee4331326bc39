using System.Security.Cryptography;
using Google.Protobuf;
using Quicprochat.Mls.Groups;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Conversations;
using Quicprochat.Sdk.Messages;

namespace Quicprochat.Sdk.Tests.Conversations;

public sealed class GarbageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Garbage_in_the_log_stops_nobody()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        QpcClient mallory = await world.RegisterAsync("mallory");
        var alices = new Watch(alice);
        var bobs = new Watch(bob);
        var mallorys = new Watch(mallory);
        Conversation group = await alice.CreateGroupAsync("friends", ["bob", "mallory"], Cancellation);
        await bobs.ForAsync<ConversationAdded>();
        await mallorys.ForAsync<ConversationRenamed>();

        await SubmitAsync(mallory, RandomNumberGenerator.GetBytes(500));
        await SubmitAsync(mallory, RandomNumberGenerator.GetBytes(500));
        await group.UpdateKeysAsync(Cancellation);
        await group.SendTextAndWaitAsync("still here", Cancellation);
        await bobs.TextsAsync("still here");
        await mallorys.TextsAsync("still here");
        await bob.Conversations[0].UpdateKeysAsync(Cancellation);
        await alices.UntilAsync(() => group.Epoch == 3, "bob's commit");

        Assert.Equal(2, bobs.All.OfType<EntrySkipped>().Count());
        Assert.Equal(group.EpochAuthenticator.ToArray(), bob.Conversations[0].EpochAuthenticator.ToArray());
        Assert.DoesNotContain(bobs.All, static item => item is Rejoined);
    }

    [Fact]
    public async Task A_commit_of_which_the_server_was_told_something_else_is_skipped()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        QpcClient mallory = await world.RegisterAsync("mallory");
        var bobs = new Watch(bob);
        var mallorys = new Watch(mallory);
        Conversation group = await alice.CreateGroupAsync("friends", ["bob", "mallory"], Cancellation);
        await bobs.ForAsync<ConversationAdded>();
        await mallorys.ForAsync<ConversationRenamed>();

        // Mallory removes Bob for the members, and tells the server that nothing changes on the roster.
        byte[] commit = await mallory.Parts.Client.Store.WriteAsync(transaction =>
        {
            ClientState client = mallory.Parts.Client;
            ConversationState state = client.Conversations.Find(transaction, group.Id.ToArray())!;
            Group mls = client.Groups.Find(transaction, state.GroupId)!;
            var header = new CommitHeader { Follows = state.Position.LastHash, Base = state.Position.BaseHash };
            CommitPlan plan = Intention.Remove(member => member.Account == bob.Account).Plan(client, mls)!;
            PendingCommit pending = mls.Commit(client.NowSeconds, new CommitOptions
            {
                Proposals = plan.Proposals,
                WithGroupInfo = true,
                Message = new MessageOptions { AuthenticatedData = header.ToByteArray() },
            });
            return pending.Message.ToArray();
        }, Cancellation);
        await SubmitAsync(mallory, commit);
        EntrySkipped skipped = await bobs.ForAsync<EntrySkipped>();
        await group.UpdateKeysAsync(Cancellation);
        await bob.Conversations[0].SendTextAndWaitAsync("here I am", Cancellation);

        Assert.Contains("other devices", skipped.Reason, StringComparison.Ordinal);
        Assert.Equal(3, group.Members.Count);
    }

    [Fact]
    public async Task Who_comes_back_takes_the_last_state_that_is_no_garbage()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        QpcClient mallory = await world.RegisterAsync("mallory");
        var alices = new Watch(alice);
        var bobs = new Watch(bob);
        var mallorys = new Watch(mallory);
        Conversation group = await alice.CreateGroupAsync("friends", ["bob", "mallory"], Cancellation);
        await bobs.ForAsync<ConversationAdded>();
        await mallorys.ForAsync<ConversationRenamed>();

        await SubmitAsync(mallory, RandomNumberGenerator.GetBytes(500));
        await bob.Conversations[0].RejoinAsync(Cancellation);
        await bobs.ForAsync<Rejoined>();
        await bob.Conversations[0].SendTextAndWaitAsync("back again", Cancellation);
        await alices.TextsAsync("back again");

        Assert.Equal(group.EpochAuthenticator.ToArray(), bob.Conversations[0].EpochAuthenticator.ToArray());
        Assert.Equal(3, group.Members.Count);
    }

    [Fact]
    public async Task Who_came_back_to_a_false_state_notices_and_comes_back_to_the_true_one()
    {
        await using var world = new TestWorld();
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient bob = await world.RegisterAsync("bob");
        QpcClient mallory = await world.RegisterAsync("mallory");
        var mallorys = new Watch(mallory);
        Conversation group = await alice.CreateGroupAsync("friends", ["bob", "mallory"], Cancellation);
        await mallorys.ForAsync<ConversationRenamed>();
        await bob.SyncAsync(Cancellation);
        await bob.DisposeAsync();
        world.CopyProfile("bob", "copy");
        bob = await world.OpenAsync("bob");
        await group.SendTextAndWaitAsync("hello", Cancellation);
        await bob.SyncAsync(Cancellation);
        await bob.DisposeAsync();
        await mallory.SyncAsync(Cancellation);
        await alice.DisposeAsync();

        // A commit that MLS finds valid, with its true GroupInfo, but without the header: it counts for nobody, and nobody is there to say so.
        (byte[] commit, byte[] info) = await mallory.Parts.Client.Store.WriteAsync(transaction =>
        {
            Group mls = mallory.Parts.Client.Groups.Find(transaction, group.Id.ToArray())!;
            PendingCommit pending = mls.Commit(mallory.Parts.Client.NowSeconds, new CommitOptions { WithGroupInfo = true });
            return (pending.Message.ToArray(), pending.GroupInfo!.Value.ToArray());
        }, Cancellation);
        await SubmitAsync(mallory, commit, info);
        await mallory.DisposeAsync();
        world.DeleteProfile("bob");
        world.CopyProfile("copy", "bob");
        bob = await world.OpenAsync("bob", connect: false);
        var bobs = new Watch(bob);
        await bob.ConnectAsync(Cancellation);
        await bobs.ForAsync<Rejoined>();
        Assert.Equal(3UL, bob.Conversations[0].Epoch);

        alice = await world.OpenAsync("alice");
        var alices = new Watch(alice);
        await alice.SyncAsync(Cancellation);
        Assert.Equal(1UL, alice.Conversations[0].Epoch);
        await alice.Conversations[0].UpdateKeysAsync(Cancellation);
        await bobs.UntilAsync(() => bobs.All.OfType<Rejoined>().Count() == 2, "the second return");
        await bob.Conversations[0].SendTextAndWaitAsync("now I am here", Cancellation);
        await alices.TextsAsync("now I am here");
        Assert.Equal(alice.Conversations[0].EpochAuthenticator.ToArray(), bob.Conversations[0].EpochAuthenticator.ToArray());
    }

    /// <summary>Puts an entry into the log of the only conversation, with whatever commit.</summary>
    private static async Task SubmitAsync(QpcClient client, byte[] commit, byte[]? info = null)
    {
        LogEntryBody body = await client.Parts.Client.Store.ReadAsync(transaction =>
        {
            ConversationState state = client.Parts.Client.Conversations.Find(transaction, client.Conversations[0].Id.ToArray())!;
            return new LogEntryBody
            {
                GroupId = state.Row.GroupId,
                Index = state.Position.Index + 1,
                Follows = state.Position.LastHash,
                Base = state.Position.BaseHash,
                Epoch = state.Position.Epoch,
                CommitHash = ByteString.CopyFrom(SHA256.HashData(commit)),
            };
        }, Cancellation);
        var garbage = new Payload { Inline = ByteString.CopyFrom(info ?? RandomNumberGenerator.GetBytes(300)) };
        await client.Parts.Session.CallAsync(
            Methods.Commit, new CommitRequest { Body = body.ToByteString(), Commit = new Payload { Inline = ByteString.CopyFrom(commit) }, GroupInfo = garbage }, Cancellation);

        if (info is null)
        {
            // The submitter does not get its own entry; it takes it from the log, and skips it like everybody.
            await client.Parts.Committer.CatchUpAsync(client.Conversations[0].Id, Cancellation);
        }
    }
}
