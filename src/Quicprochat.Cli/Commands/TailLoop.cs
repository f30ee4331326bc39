using System.Globalization;
using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk;

namespace Quicprochat.Cli.Commands;

/// <summary>Prints messages as they come, each once, those that are there already first when that is asked for.</summary>
internal sealed class TailLoop(Session session, long count)
{
    /// <summary>Highest position that was printed, by conversation: an event of a message that the history gave is not printed again.</summary>
    private readonly Dictionary<ConversationId, long> _printed = [];
    private long _left = count > 0 ? count : long.MaxValue;

    /// <summary>Runs until it is interrupted or has printed as many as it should.</summary>
    /// <param name="only">Only this conversation; null for all.</param>
    /// <param name="after">Begin behind this id or position; null begins with what comes now.</param>
    /// <param name="cancellationToken">Interrupts.</param>
    public async Task RunAsync(Conversation? only, string? after, CancellationToken cancellationToken)
    {
        IAsyncEnumerable<ClientEvent> events = session.Client.Events(cancellationToken);
        if (after is not null)
        {
            foreach (Conversation conversation in only is null ? session.Client.Conversations : [only])
            {
                await PrintHistoryAsync(conversation, await PositionOfAsync(conversation, after, cancellationToken), cancellationToken);
            }
        }
        if (_left > 0 && session.Client.State == ConnectionState.Offline)
        {
            await session.Output.WaitAsync($"connecting to {session.Client.Server.Host}", () => session.Client.ConnectAsync(cancellationToken));
        }
        if (_left == 0)
        {
            return;
        }
        await foreach (ClientEvent item in events)
        {
            if (item is MessageReceived received)
            {
                if (only is null || received.Conversation.Id == only.Id)
                {
                    Print(received.Conversation, received.Message, only is null);
                }
            }
            else if (EventLines.Json(item) is { } line)
            {
                session.Output.Tell(EventLines.Markup(item), line);
            }
            if (_left == 0)
            {
                return;
            }
        }
    }

    private static async Task<long> PositionOfAsync(Conversation conversation, string after, CancellationToken cancellationToken)
    {
        if (long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out long position))
        {
            return position;
        }
        ChatMessage? message = MessageId.TryParse(after, out MessageId id) ? await conversation.FindMessageAsync(id, cancellationToken) : null;
        return message?.Position ?? throw new UsageException($"{after} is no message of {conversation.Name}.", "Give the id of a message of this conversation, or a position.");
    }

    private async Task PrintHistoryAsync(Conversation conversation, long after, CancellationToken cancellationToken)
    {
        await foreach (ChatMessage message in conversation.HistoryAsync(int.MaxValue, after: after, cancellationToken: cancellationToken))
        {
            Print(conversation, message, named: false);
            if (_left == 0)
            {
                return;
            }
        }
    }

    private void Print(Conversation conversation, ChatMessage message, bool named)
    {
        if (_printed.TryGetValue(conversation.Id, out long last) && message.Position <= last)
        {
            return;
        }
        _printed[conversation.Id] = message.Position;
        session.Output.Tell(Show.Message(message, named ? conversation.Name : null), Show.Json(conversation, message));
        _left--;
    }
}
