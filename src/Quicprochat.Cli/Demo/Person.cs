using System.Security.Cryptography;
using Quicprochat.Cli.Commands;
using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk;
using Quicprochat.Sdk.Store;

namespace Quicprochat.Cli.Demo;

#pragma warning disable CA1001 // The token source has no timer: it needs no disposal, and is asked whether this was disposed.
/// <summary>Somebody in the demo: a real client with a store of its own, and what it sees on the screen.</summary>
internal sealed class Person : IAsyncDisposable
#pragma warning restore CA1001
{
    private readonly Output _output;
    private readonly List<ChatMessage> _seen = [];
    private readonly List<(Func<bool> Holds, TaskCompletionSource Done)> _waiting = [];
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _watching;

    private Person(string name, QpcClient client, Output output)
    {
        Name = name;
        Client = client;
        _output = output;
        _watching = WatchAsync(client.Events(_ended.Token));
    }

    public string Name { get; }

    /// <summary>The name in its colour, as wide as every other.</summary>
    public string Column => Show.Name(Name) + new string(' ', Math.Max(0, 5 - Name.Length));

    public QpcClient Client { get; }

    public static async Task<Person> RegisterAsync(string name, string folder, (ServerAddress Server, Output Output) world, CancellationToken cancellationToken)
    {
        byte[] random = RandomNumberGenerator.GetBytes(StoreKey.KeySizeMin);
        using StoreKey key = StoreKey.FromBytes(random);
        CryptographicOperations.ZeroMemory(random);
        var options = new QpcClientOptions { ProfilePath = folder, Key = key };
        QpcClient client = await QpcClient.CreateAsync(options, new RegisterOptions { Account = name, Server = world.Server, DeviceName = "demo" }, cancellationToken);
        return new Person(name, client, world.Output);
    }

    /// <summary>Says a text in a conversation.</summary>
    public async Task SayAsync(Conversation conversation, string text, CancellationToken cancellationToken)
    {
        _output.Tell($"{Column} [grey]→[/] {Show.Safe(Plain.ShortName(conversation.Name))}[grey]:[/] {Show.Safe(text)}", new JsonLine("said").Add("by", Name).Add("text", text));
        await conversation.SendTextAsync(text, cancellationToken);
    }

    /// <summary>Waits until this person has seen a text.</summary>
    public Task SeesAsync(string text, CancellationToken cancellationToken) => WaitAsync(() => _seen.Exists(message => message.Text == text), $"{Name} to see “{text}”", cancellationToken);

    /// <summary>Waits until this person is in a conversation at an epoch.</summary>
    public async Task<Conversation> ReachesAsync(ConversationId id, ulong epoch, CancellationToken cancellationToken)
    {
        await WaitAsync(() => Find(id)?.Epoch >= epoch, $"{Name} to reach epoch {epoch}", cancellationToken);
        return Find(id)!;
    }

    /// <summary>Waits until this person knows to be out of a conversation.</summary>
    public Task LeavesAsync(ConversationId id, CancellationToken cancellationToken) => WaitAsync(() => Find(id)?.Status == ConversationStatus.Left, $"{Name} to be out", cancellationToken);

    public Conversation? Find(ConversationId id) => Client.Conversations.FirstOrDefault(c => c.Id == id);

    /// <summary>The texts of a conversation in the order of this person's history.</summary>
    public async Task<List<string>> HistoryAsync(ConversationId id, CancellationToken cancellationToken)
    {
        var texts = new List<string>();
        if (Find(id) is { } conversation)
        {
            await foreach (ChatMessage message in conversation.HistoryAsync(int.MaxValue, cancellationToken: cancellationToken))
            {
                if (message.Text is { } text)
                {
                    texts.Add(text);
                }
            }
        }
        return texts;
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended.IsCancellationRequested)
        {
            return;
        }
        await _ended.CancelAsync();
        await _watching;
        await Client.DisposeAsync();
    }

    private async Task WaitAsync(Func<bool> holds, string what, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (holds())
            {
                return;
            }
            _waiting.Add((holds, done));
        }
        try
        {
            await done.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited a minute for {what}.");
        }
    }

    private async Task WatchAsync(IAsyncEnumerable<ClientEvent> events)
    {
        try
        {
            await foreach (ClientEvent item in events)
            {
                See(item);
            }
        }
        catch (OperationCanceledException)
        {
            // The demo is over.
        }
    }

    private void See(ClientEvent item)
    {
        lock (_lock)
        {
            if (item is MessageReceived received)
            {
                _seen.Add(received.Message);
                _output.Tell(
                    $"{Column} [grey]←[/] {Show.Name(received.Message.Sender)}[grey]:[/] {Show.Safe(received.Message.Text ?? "")}",
                    new JsonLine("saw").Add("who", Name).Add("from", received.Message.Sender).Add("text", received.Message.Text));
            }
            else if (item is ConversationAdded or MembersChanged or ConversationLeft or Rejoined or EntrySkipped or ForkSuspected or ConnectionChanged
                && EventLines.Json(item) is { } line)
            {
                _output.Tell(EventLines.Markup(item) is { } markup ? $"{Column} [grey]· {markup}[/]" : null, line.Add("who", Name));
            }
            foreach ((Func<bool> holds, TaskCompletionSource done) in _waiting.ToArray())
            {
                if (holds())
                {
                    done.TrySetResult();
                    _waiting.Remove((holds, done));
                }
            }
        }
    }
}
