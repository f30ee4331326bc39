using System.Diagnostics;
using System.Security.Cryptography;
using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk;
using Quicprochat.Sdk.Conversations;
using Quicprochat.Sdk.Store;

namespace Quicprochat.EndToEnd;

/// <summary>Twenty devices commit in one group as fast as they can, at a real server over real UDP, and one of them now and then submits garbage.</summary>
public sealed class CommitStormTests
{
    private const int Devices = 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_devices_that_commit_at_once_agree_in_the_end()
    {
        await using var world = new World();
        await using Qpc server = await world.ServeAsync();
        var clients = new List<QpcClient>();
        try
        {
            for (int i = 0; i < Devices; i++)
            {
                clients.Add(await RegisterAsync(world, $"device{i}"));
            }
            var skipped = new List<EntrySkipped>();
            var wrong = new List<ClientEvent>();

            // The first one submits garbage behind the back of its own store, which takes that for a commit it has forgotten, and comes back: that is as it should be.
            foreach (QpcClient client in clients.Skip(1))
            {
                _ = WatchAsync(client.Events(Cancel), skipped, wrong);
            }
            Sdk.Conversation group = await clients[0].CreateGroupAsync("storm", clients.Skip(1).Select(static client => client.Account), Cancel);
            ConversationId id = group.Id;
            foreach (QpcClient client in clients)
            {
                await UntilAsync(client, () => Find(client, id)?.Epoch == group.Epoch);
            }

            long end = Stopwatch.GetTimestamp() + (Lines.StormSeconds * Stopwatch.Frequency);
            int commits = 0;
            int garbage = 0;
            await Task.WhenAll(clients.Select(async (client, i) =>
            {
                for (int turn = 1; Stopwatch.GetTimestamp() < end || (i == 0 && turn <= 3); turn++)
                {
                    await Find(client, id)!.UpdateKeysAsync(Cancel);
                    Interlocked.Increment(ref commits);
                    if (i == 0 && turn % 3 == 0)
                    {
                        await SubmitGarbageAsync(client, id);
                        garbage++;
                    }
                }
            }));

            // Everybody speaks and everybody hears: no message is undecryptable, no device is left behind.
            await Task.WhenAll(clients.Select(client => Find(client, id)!.SendTextAndWaitAsync($"{client.Account} is here", Cancel)));
            await Task.WhenAll(clients.Select(client => UntilAsync(client, () => TextsOf(client, id).Count == Devices)));
            foreach (QpcClient client in clients)
            {
                await client.SyncAsync(Cancel);
            }
            Assert.True(commits > Devices, $"only {commits} commits");
            Assert.Single(clients.Select(client => $"{Find(client, id)!.Epoch} {Convert.ToHexString(Find(client, id)!.EpochAuthenticator.Span)}").Distinct(StringComparer.Ordinal));
            Assert.All(clients, client => Assert.Equal(Devices, TextsOf(client, id).Distinct(StringComparer.Ordinal).Count()));
            Assert.True(garbage > 0, "no garbage was accepted into the log");
            lock (wrong)
            {
                Assert.Empty(wrong);
                Assert.NotEmpty(skipped);
            }
            TestContext.Current.TestOutputHelper?.WriteLine($"{commits} commits, {garbage} of garbage, epoch {group.Epoch}");
        }
        finally
        {
            foreach (QpcClient client in clients)
            {
                await client.DisposeAsync();
            }
        }
    }

    private static Task<QpcClient> RegisterAsync(World world, string name) => QpcClient.CreateAsync(
        new QpcClientOptions { ProfilePath = Path.Combine(world.Folder, name), Key = StoreKey.FromFile(world.KeyFile) },
        new RegisterOptions { Account = name, Server = ServerAddress.Parse(world.Address) },
        Cancel);

    private static Sdk.Conversation? Find(QpcClient client, ConversationId id) => client.Conversations.FirstOrDefault(c => c.Id == id);

    private static List<string> TextsOf(QpcClient client, ConversationId id) =>
        [.. Find(client, id)!.HistoryAsync(int.MaxValue, cancellationToken: Cancel).ToBlockingEnumerable(Cancel).Select(static message => message.Text).OfType<string>()];

    /// <summary>Waits until something holds, looking again at every event.</summary>
    private static async Task UntilAsync(QpcClient client, Func<bool> holds)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        IAsyncEnumerable<ClientEvent> events = client.Events(enough.Token);
        if (holds())
        {
            return;
        }
        await foreach (ClientEvent _ in events)
        {
            if (holds())
            {
                return;
            }
        }
    }

    private static async Task WatchAsync(IAsyncEnumerable<ClientEvent> events, List<EntrySkipped> skipped, List<ClientEvent> wrong)
    {
        await foreach (ClientEvent item in events)
        {
            lock (wrong)
            {
                if (item is EntrySkipped entry)
                {
                    skipped.Add(entry);
                }
                else if (item is Rejoined or ForkSuspected or ConversationLeft)
                {
                    wrong.Add(item);
                }
            }
        }
    }

    /// <summary>Tries until its garbage is in the log: others are always faster, now and then.</summary>
    private static async Task SubmitGarbageAsync(QpcClient client, ConversationId id)
    {
        while (!await TrySubmitGarbageAsync(client, id))
        {
            await client.Parts.Committer.CatchUpAsync(id, Cancel);
        }
    }

    /// <summary>An entry of the log whose commit is random bytes; false when somebody was faster.</summary>
    private static async Task<bool> TrySubmitGarbageAsync(QpcClient client, ConversationId id)
    {
        byte[] commit = RandomNumberGenerator.GetBytes(500);
        LogEntryBody body = await client.Parts.Client.Store.ReadAsync(transaction =>
        {
            ConversationState state = client.Parts.Client.Conversations.Find(transaction, id.ToArray())!;
            return new LogEntryBody
            {
                GroupId = state.Row.GroupId,
                Index = state.Position.Index + 1,
                Follows = state.Position.LastHash,
                Base = state.Position.BaseHash,
                Epoch = state.Position.Epoch,
                CommitHash = ByteString.CopyFrom(SHA256.HashData(commit)),
            };
        }, Cancel);
        var request = new CommitRequest
        {
            Body = body.ToByteString(),
            Commit = new Payload { Inline = ByteString.CopyFrom(commit) },
            GroupInfo = new Payload { Inline = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(300)) },
        };
        try
        {
            await client.Parts.Session.CallAsync(Methods.Commit, request, Cancel);
            return true;
        }
        catch (RpcException e) when (e.Code == ErrorCodes.GroupConflict)
        {
            return false;
        }
    }
}
