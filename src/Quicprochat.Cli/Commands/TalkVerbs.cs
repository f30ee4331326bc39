using System.CommandLine;
using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk;

namespace Quicprochat.Cli.Commands;

/// <summary><c>dm</c>, <c>send</c>, <c>notes</c>: saying something.</summary>
internal static class TalkVerbs
{
    public static IEnumerable<Command> Build(ISessions sessions) => [Dm(sessions), Send(sessions), Notes(sessions)];

    private static Command Dm(ISessions sessions)
    {
        Argument<string> person = Words.Person(sessions);
        var text = new Argument<string[]>("text") { Description = "What to say first", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("dm", "Talk to one person") { person, text };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: true, cancellationToken);
            Conversation conversation = await session.Output.WaitAsync("beginning", () => session.Client.GetDirectAsync(parsed.GetRequiredValue(person), cancellationToken));
            session.Enter?.Invoke(conversation);
            string[] words = parsed.GetValue(text) ?? [];
            if (words.Length > 0)
            {
                await SayAsync(session, conversation, string.Join(' ', words), cancellationToken);
            }
            else if (session.Enter is null)
            {
                session.Output.Tell($"You can talk to {Show.Name(conversation.Name)} now: [grey]qpc send {Show.Safe(conversation.Name)} hello[/]", Show.Json(conversation));
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Notes(ISessions sessions)
    {
        var text = new Argument<string[]>("text") { Description = "What to remember", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("notes", "Notes to yourself, on all your devices") { text };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: true, cancellationToken);
            Conversation conversation = await session.Client.GetNotesAsync(cancellationToken);
            session.Enter?.Invoke(conversation);
            if (parsed.GetValue(text) is { Length: > 0 } words)
            {
                await SayAsync(session, conversation, string.Join(' ', words), cancellationToken);
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Send(ISessions sessions)
    {
        Argument<string> name = Words.Conversation(sessions);
        var command = new Command("send", "Say something in a conversation; - sends standard input, a message a line") { name, Words.Text };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: false, cancellationToken);
            Conversation conversation = session.Find(parsed.GetRequiredValue(name));
            string[] words = parsed.GetRequiredValue(Words.Text);
            QpcException? offline = await ConnectAsync(session, cancellationToken);
            if (words is ["-"])
            {
                return await SendInputAsync(session, conversation, offline, cancellationToken);
            }
            string text = string.Join(' ', words);
            if (offline is null)
            {
                await SayAsync(session, conversation, text, cancellationToken);
                return ExitCode.Done;
            }
            MessageId id = await conversation.SendTextAsync(text, cancellationToken);
            session.Output.Tell("[yellow]Kept here: it goes out as soon as the server can be reached.[/]", new JsonLine("queued").Add("id", id.ToString()));
            throw offline;
        });
        return command;
    }

    private static async Task SayAsync(Session session, Conversation conversation, string text, CancellationToken cancellationToken)
    {
        if (session.Enter is not null)
        {
            await ShowSaidAsync(session, conversation, text, cancellationToken);
            return;
        }
        MessageId id = await session.Output.WaitAsync("sending", () => conversation.SendTextAndWaitAsync(text, cancellationToken));
        session.Output.Tell($"[green]✓[/] sent to {Show.Safe(conversation.Name)} [grey]{id}[/]", new JsonLine("sent").Add("id", id.ToString()).Add("conversation", conversation.Id.ToString()));
    }

    /// <summary>Says something in a chat: the line appears at once, however long the server takes.</summary>
    public static async Task ShowSaidAsync(Session session, Conversation conversation, string text, CancellationToken cancellationToken)
    {
        MessageId id = await conversation.SendTextAsync(text, cancellationToken);
        if (await conversation.FindMessageAsync(id, cancellationToken) is { } message)
        {
            // Freshly said it always waits; only when there is no connection is that worth telling.
            ChatMessage shown = session.Client.State == ConnectionState.Connected ? message with { State = MessageState.Sent } : message;
            session.Output.Tell(Show.Message(shown, conversation.Id == session.Current?.Id ? null : conversation.Name), Show.Json(conversation, message));
        }
    }

    private static async Task<int> SendInputAsync(Session session, Conversation conversation, QpcException? offline, CancellationToken cancellationToken)
    {
        if (offline is not null)
        {
            throw offline;
        }
        await using Stream input = Console.OpenStandardInput();
        long count = await session.Output.WaitAsync("sending", () => conversation.SendManyAsync(InputLines.ReadAsync(input, cancellationToken), cancellationToken));
        session.Output.Tell($"[green]✓[/] {count} messages sent to {Show.Safe(conversation.Name)}", new JsonLine("sent_many").Add("count", count).Add("conversation", conversation.Id.ToString()));
        return ExitCode.Done;
    }

    /// <summary>Connects when that is possible; what prevents it otherwise.</summary>
    private static async Task<QpcException?> ConnectAsync(Session session, CancellationToken cancellationToken)
    {
        if (session.Client.State == ConnectionState.Connected || session.Enter is not null)
        {
            return null;
        }
        try
        {
            await session.Output.WaitAsync($"connecting to {session.Client.Server.Host}", () => session.Client.ConnectAsync(cancellationToken));
            return null;
        }
        catch (QpcException e) when (e.Error is QpcError.Unreachable or QpcError.HostUnknown or QpcError.ServerUnavailable or QpcError.NotConnected)
        {
            return e;
        }
    }
}
