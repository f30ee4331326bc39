using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk;

namespace Quicprochat.Cli.Commands;

/// <summary>A client and an output for one verb.</summary>
internal sealed class Session(QpcClient client, Output output, bool ownsClient) : IAsyncDisposable
{
    public QpcClient Client => client;

    public Output Output => output;

    /// <summary>The conversation that is meant when none is named; only in a chat.</summary>
    public Conversation? Current { get; init; }

    /// <summary>Makes a conversation the current one; only in a chat.</summary>
    public Action<Conversation>? Enter { get; init; }

    /// <summary>The conversation that a name means.</summary>
    /// <exception cref="QpcException">There is none.</exception>
    public Conversation Find(string? name)
    {
        if (name is null)
        {
            return Current ?? throw new UsageException("Which conversation?", "Name one, or enter one with /open NAME.");
        }
        return client.FindConversation(name) ?? throw new QpcException(
            QpcError.ConversationUnknown,
            $"There is no conversation called {name}.",
            client.Conversations.Count == 0
                ? "Begin one: dm PERSON, or group create NAME PEOPLE."
                : $"There are: {string.Join(", ", client.Conversations.Take(10).Select(static c => c.Name))}. A new one is begun by dm PERSON or group create NAME.");
    }

    public ValueTask DisposeAsync() => ownsClient ? client.DisposeAsync() : ValueTask.CompletedTask;
}
