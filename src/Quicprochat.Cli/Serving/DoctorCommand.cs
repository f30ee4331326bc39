using System.CommandLine;
using Quicprochat.Cli.Commands;
using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk;
using Quicprochat.Sdk.Diagnostics;

namespace Quicprochat.Cli.Serving;

/// <summary><c>doctor</c>: looks at a server, and at a profile when there is one, and says what to do.</summary>
internal static class DoctorCommand
{
    public static Command Build(ISessions sessions)
    {
        var server = new Option<string?>("--server", "-s") { Description = "Look at this server alone; without it at your profile and its server", HelpName = "address" };
        var command = new Command("doctor", "Find out what is wrong, from here to the server") { server };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Output output = Output.ForConsole(parsed.GetValue(CommonOptions.Json));
            if (parsed.GetValue(server) is { } address)
            {
                return await TellAsync(output, ServerCheck.RunAsync(ServerAddress.Parse(address), cancellationToken)) ? ExitCode.Done : ExitCode.CheckFailed;
            }
            await using Session session = await sessions.OpenAsync(parsed, online: false, cancellationToken);
            Tell(output, new Finding("profile", true, $"{session.Client.Account} opens, {session.Client.Conversations.Count} conversations, {session.Client.Devices.Count} devices"));
            bool good = await TellAsync(output, ServerCheck.RunAsync(session.Client.Server, cancellationToken));
            if (good)
            {
                Finding account = await LogInAsync(session.Client, cancellationToken);
                Tell(output, account);
                good = account.IsGood;
            }
            return good ? ExitCode.Done : ExitCode.CheckFailed;
        });
        return command;
    }

    private static async Task<Finding> LogInAsync(QpcClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.ConnectAsync(cancellationToken);
            await client.SyncAsync(cancellationToken);
            return new Finding("account", true, "the server knows this device; everything is received, and nothing waits to be sent");
        }
        catch (QpcException e)
        {
            return new Finding("account", false, e.Message, e.Remedy);
        }
    }

    private static async Task<bool> TellAsync(Output output, IAsyncEnumerable<Finding> findings)
    {
        bool good = true;
        await foreach (Finding finding in findings)
        {
            Tell(output, finding);
            good &= finding.IsGood;
        }
        return good;
    }

    private static void Tell(Output output, Finding finding) => output.Tell(
        $"{(finding.IsGood ? "[green]✓[/]" : "[red]✗[/]")} [grey]{finding.What,-12}[/] {Show.Safe(finding.Says)}{(finding.IsGood ? "" : $"\n  {Show.Safe(finding.Remedy)}")}",
        new JsonLine("finding").Add("what", finding.What).Add("good", finding.IsGood).Add("says", finding.Says).Add("remedy", finding.Remedy));
}
