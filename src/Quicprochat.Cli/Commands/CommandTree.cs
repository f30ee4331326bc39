using System.CommandLine;
using Quicprochat.Cli.Demo;
using Quicprochat.Cli.Repl;
using Quicprochat.Cli.Serving;

namespace Quicprochat.Cli.Commands;

/// <summary>The commands of <c>qpc</c>, and the same verbs behind a slash in a chat.</summary>
internal static class CommandTree
{
    public static RootCommand Build()
    {
        var sessions = new ProfileSessions();
        var root = new RootCommand("qpc: end-to-end encrypted conversations over QUIC, keyed by MLS, safe against the machines of tomorrow. Begin with: qpc demo.")
        {
            DemoCommand.Build(),
            ServeCommand.Build(),
            InviteCommand.Build(),
            RegisterCommand.Build(),
            ChatCommand.Build(sessions),
        };
        AddVerbs(root, sessions);
        root.Add(DeviceVerbs.Build(sessions));
        root.Add(DoctorCommand.Build(sessions));
        root.Add(BenchCommand.Build());
        root.Add(CompletionCommand.Build());
        root.Add(CommonOptions.Profile);
        root.Add(CommonOptions.Json);
        root.Add(CommonOptions.PassphraseFile);
        root.Add(CommonOptions.KeyFile);
        root.Add(CommonOptions.Verbose);
        return root;
    }

    /// <summary>What can be typed in a chat behind a slash; the chat adds its own.</summary>
    public static RootCommand BuildForChat(ISessions sessions, IEnumerable<Command> own)
    {
        var root = new RootCommand("In a chat, a line that begins with a slash is a command; anything else is said in the conversation that is open.");
        AddVerbs(root, sessions);

        // A chat shows what arrives.
        root.Subcommands.Remove(root.Subcommands.Single(static command => command.Name == "tail"));
        foreach (Command command in own)
        {
            root.Add(command);
        }
        return root;
    }

    private static void AddVerbs(RootCommand root, ISessions sessions)
    {
        foreach (Command command in TalkVerbs.Build(sessions).Concat([GroupVerbs.Build(sessions)]).Concat(ReadVerbs.Build(sessions)).Concat(AccountVerbs.Build(sessions)))
        {
            root.Add(command);
        }
    }
}
