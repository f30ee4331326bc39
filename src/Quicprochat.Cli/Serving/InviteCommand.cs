using System.CommandLine;
using Quicprochat.Cli.Commands;
using Quicprochat.Cli.Terminal;
using Quicprochat.Server.Hosting;

namespace Quicprochat.Cli.Serving;

/// <summary><c>invite</c>: an invitation to a server whose data folder is at hand, whether or not it runs.</summary>
internal static class InviteCommand
{
    public static Command Build()
    {
        var uses = new Option<int>("--uses") { Description = "Accounts that may be made with it", DefaultValueFactory = static _ => 1, HelpName = "n" };
        var days = new Option<double>("--days") { Description = "How long it holds", DefaultValueFactory = static _ => 7, HelpName = "n" };
        var command = new Command("invite", "Make an invitation to a server that takes new accounts only with one") { ServeSettings.DataOption, uses, days };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Output output = Output.ForConsole(parsed.GetValue(CommonOptions.Json));
            QpcServerOptions options = new ServeSettings(parsed).ToOptions();
            string code = await QpcServer.CreateInviteAsync(options, parsed.GetValue(uses), TimeSpan.FromDays(parsed.GetValue(days)), cancellationToken);
            output.Tell($"[green]{Show.Safe(code)}[/]\n[grey]used with[/]  qpc register NAME --server ADDRESS --invite {Show.Safe(code)}", new JsonLine("invite").Add("code", code));
            return ExitCode.Done;
        });
        return command;
    }
}
