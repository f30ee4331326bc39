using System.CommandLine;
using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk;
using Spectre.Console;

namespace Quicprochat.Cli.Commands;

/// <summary><c>tail</c>, <c>history</c>, <c>conversations</c>: reading.</summary>
internal static class ReadVerbs
{
    public static IEnumerable<Command> Build(ISessions sessions) => [Tail(sessions), History(sessions), Conversations(sessions)];

    private static Command Tail(ISessions sessions)
    {
        Argument<string?> name = Words.OptionalConversation(sessions);
        var after = new Option<string?>("--after") { Description = "Begin behind this message id, or position", HelpName = "id" };
        var all = new Option<bool>("--all") { Description = "Begin with the first message there is" };
        var count = new Option<long>("--count", "-n") { Description = "End after so many messages", HelpName = "n" };
        var command = new Command("tail", "Show what arrives, until you stop it") { name, after, all, count };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: false, cancellationToken);
            var tail = new TailLoop(session, parsed.GetValue(count));
            Conversation? only = parsed.GetValue(name) is { } wanted ? session.Find(wanted) : null;
            await tail.RunAsync(only, parsed.GetValue(all) ? "0" : parsed.GetValue(after), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command History(ISessions sessions)
    {
        Argument<string?> name = Words.OptionalConversation(sessions);
        var limit = new Option<int>("--limit", "-n") { Description = "How many messages", DefaultValueFactory = static _ => 50, HelpName = "n" };
        var all = new Option<bool>("--all") { Description = "All of them" };
        var command = new Command("history", "Show what was said; needs no connection") { name, limit, all };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: false, cancellationToken);
            Conversation conversation = session.Find(parsed.GetValue(name));
            int most = parsed.GetValue(all) ? int.MaxValue : parsed.GetValue(limit);
            await foreach (ChatMessage message in conversation.HistoryAsync(most, cancellationToken: cancellationToken))
            {
                session.Output.Tell(Show.Message(message), Show.Json(conversation, message));
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Conversations(ISessions sessions)
    {
        var command = new Command("conversations", "List your conversations; needs no connection");
        command.Aliases.Add("ls");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: false, cancellationToken);
            IReadOnlyList<Conversation> conversations = session.Client.Conversations;
            if (conversations.Count == 0)
            {
                session.Output.Say("None yet. [grey]dm PERSON[/] talks to one person, [grey]group create NAME PEOPLE[/] to several.");
                return ExitCode.Done;
            }
            Table table = new Table().Border(TableBorder.None).AddColumns("[grey]name[/]", "[grey]members[/]", "[grey]epoch[/]", "[grey]unread[/]", "[grey]id[/]");
            foreach (Conversation c in conversations)
            {
                table.AddRow(
                    Show.Safe(c.Name) + (c.Status == ConversationStatus.Active ? "" : $" [grey]({c.Status.ToString().ToLowerInvariant()})[/]"),
                    string.Join(", ", c.Members.Select(static m => Show.Name(m.Account))),
                    c.Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    c.UnreadCount == 0 ? "" : $"[yellow]{c.UnreadCount}[/]",
                    $"[grey]{c.Id.ToString()[..Math.Min(8, c.Id.ToString().Length)]}[/]");
            }
            session.Output.Tell(table, conversations.Select(static c => Show.Json(c)));
            return ExitCode.Done;
        });
        return command;
    }
}
