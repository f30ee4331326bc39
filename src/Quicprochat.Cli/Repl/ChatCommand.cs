using System.CommandLine;
using Quicprochat.Cli.Commands;

namespace Quicprochat.Cli.Repl;

/// <summary><c>chat</c>: talk, and see what others say.</summary>
internal static class ChatCommand
{
    public static Command Build(ISessions sessions)
    {
        Argument<string?> name = Words.OptionalConversation(sessions);
        var command = new Command("chat", "Talk, with what others say appearing as it comes") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: false, cancellationToken);
            Sdk.Conversation? first = parsed.GetValue(name) is { } wanted ? session.Find(wanted) : null;
            var chat = new ChatLoop(session.Client, session.Output, first);
            await chat.RunAsync(cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
