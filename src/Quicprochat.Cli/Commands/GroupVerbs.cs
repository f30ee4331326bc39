using System.CommandLine;
using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk;
using Spectre.Console;

namespace Quicprochat.Cli.Commands;

/// <summary><c>group create|invite|remove|leave|members|rename|update|rejoin</c>.</summary>
internal static class GroupVerbs
{
    public static Command Build(ISessions sessions) => new("group", "Make and change groups")
    {
        Create(sessions),
        WithPeople(sessions, "invite", "Add people to a group", "added", static (c, people, token) => c.InviteAsync(people, token)),
        WithPeople(sessions, "remove", "Remove people from a group; they read nothing of what comes after", "removed", static (c, people, token) => c.RemoveAsync(people, token)),
        Members(sessions),
        Rename(sessions),
        Plain(sessions, "leave", "Leave a group", "You have left", static (c, token) => c.LeaveAsync(token)),
        Plain(sessions, "update", "Fresh keys for this device", "Fresh keys in", static (c, token) => c.UpdateKeysAsync(token)),
        Plain(sessions, "rejoin", "Come back when this device cannot follow", "Back in", static (c, token) => c.RejoinAsync(token)),
    };

    private static Command Create(ISessions sessions)
    {
        var name = new Argument<string>("name") { Description = "What to call it" };
        Argument<string[]> people = Words.People(sessions, required: false);
        var command = new Command("create", "Make a group") { name, people };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: true, cancellationToken);
            Conversation group = await session.Output.WaitAsync("making the group", () => session.Client.CreateGroupAsync(parsed.GetRequiredValue(name), parsed.GetValue(people) ?? [], cancellationToken));
            session.Enter?.Invoke(group);
            session.Output.Tell(
                $"[green]✓[/] {Show.Safe(group.Name)} [grey]with[/] {string.Join(", ", group.Members.Select(static m => Show.Name(m.Account)))} [grey]({group.CipherSuite}, epoch {group.Epoch})[/]", Show.Json(group));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command WithPeople(ISessions sessions, string verb, string description, string done, Func<Conversation, string[], CancellationToken, Task> change)
    {
        Argument<string> name = Words.Conversation(sessions);
        Argument<string[]> people = Words.People(sessions, required: true);
        var command = new Command(verb, description) { name, people };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: true, cancellationToken);
            Conversation group = session.Find(parsed.GetRequiredValue(name));
            string[] who = parsed.GetRequiredValue(people);
            await session.Output.WaitAsync("changing the group", () => change(group, who, cancellationToken));
            session.Output.Tell(
                $"[green]✓[/] {string.Join(", ", who.Select(Show.Name))} {done} [grey](epoch {group.Epoch})[/]", Show.Json(group));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Plain(ISessions sessions, string verb, string description, string done, Func<Conversation, CancellationToken, Task> change)
    {
        Argument<string?> name = Words.OptionalConversation(sessions);
        var command = new Command(verb, description) { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: true, cancellationToken);
            Conversation group = session.Find(parsed.GetValue(name));
            await session.Output.WaitAsync("changing the group", () => change(group, cancellationToken));
            session.Output.Tell($"[green]✓[/] {done} {Show.Safe(group.Name)} [grey](epoch {group.Epoch})[/]", Show.Json(group));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Rename(ISessions sessions)
    {
        Argument<string> name = Words.Conversation(sessions);
        var newName = new Argument<string>("new-name") { Description = "What to call it from now on" };
        var command = new Command("rename", "Give a group another name") { name, newName };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: true, cancellationToken);
            Conversation group = session.Find(parsed.GetRequiredValue(name));
            await group.RenameAsync(parsed.GetRequiredValue(newName), cancellationToken);
            session.Output.Tell($"[green]✓[/] it is called {Show.Safe(group.Name)} now", Show.Json(group));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Members(ISessions sessions)
    {
        Argument<string?> name = Words.OptionalConversation(sessions);
        var command = new Command("members", "Who is in a conversation, with which devices; needs no connection") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: false, cancellationToken);
            Conversation conversation = session.Find(parsed.GetValue(name));
            Table table = new Table().Border(TableBorder.None).AddColumns("[grey]account[/]", "[grey]devices[/]", "[grey]key[/]");
            foreach (ConversationMember member in conversation.Members)
            {
                table.AddRow(
                    Show.Safe(member.Account) + (member.IsSelf ? " [grey](you)[/]" : ""),
                    string.Join(' ', member.Devices.Select(static d => d.ToString()[..8])),
                    member.IsSelf ? "" : AccountVerbs.Trust(member.Trust));
            }
            session.Output.Say($"{Show.Safe(conversation.Name)} [grey]{conversation.CipherSuite}, epoch {conversation.Epoch}, authenticator {Convert.ToHexStringLower(conversation.EpochAuthenticator.Span)[..16]}…[/]");
            session.Output.Tell(table, conversation.Members.Select(static member => new JsonLine("member").Add("account", member.Account).Add("self", member.IsSelf)
                .Add("devices", member.Devices.Select(static d => d.ToString())).Add("trust", member.Trust.ToString().ToLowerInvariant())));
            return ExitCode.Done;
        });
        return command;
    }
}
