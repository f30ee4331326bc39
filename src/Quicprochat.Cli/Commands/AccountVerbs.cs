using System.CommandLine;
using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk;

namespace Quicprochat.Cli.Commands;

/// <summary><c>whoami</c>, <c>safety</c>, <c>verify</c>, <c>accept</c>: who is who.</summary>
internal static class AccountVerbs
{
    public static IEnumerable<Command> Build(ISessions sessions) => [WhoAmI(sessions), Safety(sessions), Verify(sessions), Accept(sessions)];

    public static string Trust(KeyTrust trust) => trust switch
    {
        KeyTrust.Verified => "[green]verified[/]",
        KeyTrust.Changed => "[red]changed[/]",
        KeyTrust.FirstSeen => "not compared",
        _ => "unknown",
    };

    private static Command WhoAmI(ISessions sessions)
    {
        var command = new Command("whoami", "Your account, device and server; needs no connection");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: false, cancellationToken);
            QpcClient client = session.Client;
            string devices = string.Join(", ", client.Devices.Select(static d => Show.Safe(d.Name) + (d.IsThis ? " (this)" : "")));
            session.Output.Tell(
                $"{Show.Name(client.Account)} [grey]is[/] {Show.Safe(client.Account)}\n[grey]device [/] {client.DeviceId} [grey]{devices}[/]"
                + $"\n[grey]server [/] {Show.Safe(client.Server.ToString())}\n[grey]groups [/] {client.CipherSuite}"
                + (client.Security is { } security ? $"\n[grey]channel[/] {security}" : ""),
                new JsonLine("account").Add("account", client.Account).Add("device", client.DeviceId.ToString()).Add("server", client.Server.ToString()).Add("cipher_suite", client.CipherSuite)
                    .Add("devices", client.Devices.Select(static d => d.Id.ToString())).Add("state", client.State.ToString().ToLowerInvariant()).Add("security", client.Security));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Safety(ISessions sessions)
    {
        Argument<string> person = Words.Person(sessions);
        var command = new Command("safety", "The number that you and somebody compare, to know that nobody is in between") { person };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: true, cancellationToken);
            Tell(session, await session.Client.GetContactAsync(parsed.GetRequiredValue(person), cancellationToken));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Verify(ISessions sessions)
    {
        Argument<string> person = Words.Person(sessions);
        var undo = new Option<bool>("--undo") { Description = "Take it back" };
        var command = new Command("verify", "You have compared the safety number, and it was the same") { person, undo };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: true, cancellationToken);
            Tell(session, await session.Client.SetVerifiedAsync(parsed.GetRequiredValue(person), !parsed.GetValue(undo), cancellationToken));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Accept(ISessions sessions)
    {
        Argument<string> person = Words.Person(sessions);
        var command = new Command("accept", "Take somebody's new key") { person };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: true, cancellationToken);
            Tell(session, await session.Client.AcceptKeyAsync(parsed.GetRequiredValue(person), cancellationToken));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Tell(Session session, Contact contact) => session.Output.Tell(
        $"{Show.Safe(contact.Account)} [grey]key:[/] {Trust(contact.Trust)}\n{contact.SafetyNumber}\n[grey]Both of you see the same number, unless somebody is in between. Compare it by voice, or side by side.[/]",
        new JsonLine("contact").Add("account", contact.Account).Add("trust", contact.Trust.ToString().ToLowerInvariant()).Add("safety_number", contact.SafetyNumber));
}
