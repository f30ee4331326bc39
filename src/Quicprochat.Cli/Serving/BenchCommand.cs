using System.CommandLine;
using System.Globalization;
using Quicprochat.Cli.Commands;
using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk;
using Quicprochat.Sdk.Load;

namespace Quicprochat.Cli.Serving;

/// <summary><c>bench</c>: measures a server from outside.</summary>
internal static class BenchCommand
{
    public static Command Build()
    {
        var server = new Option<string?>("--server", "-s") { Description = "host[:port]#fingerprint (QPC_SERVER)", HelpName = "address" };
        var invite = new Option<string?>("--invite") { Description = "An invitation that can be used again and again", HelpName = "code" };
        var pairs = new Option<int[]>("--pairs") { Description = "Pairs of connections that talk at once", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = static _ => [1, 50, 500] };
        var members = new Option<int[]>("--members") { Description = "Members of a group, for fan-out", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = static _ => [10, 100, 500] };
        var seconds = new Option<double>("--seconds") { Description = "How long each measurement lasts", DefaultValueFactory = static _ => 5 };
        var command = new Command("bench", "Measure a server: messages, latency, fan-out, logins. It makes accounts there, and leaves them") { server, invite, pairs, members, seconds };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Output output = Output.ForConsole(parsed.GetValue(CommonOptions.Json));
            string address = Settings.Find("server", parsed.GetValue(server)) ?? throw new UsageException("Which server?", "Say --server host:port#fingerprint.");
            var options = new LoadOptions
            {
                Server = ServerAddress.Parse(address),
                Invite = parsed.GetValue(invite),
                Pairs = parsed.GetRequiredValue(pairs),
                Members = parsed.GetRequiredValue(members),
                Duration = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            };
            await using LoadRun run = await LoadRun.StartAsync(options, cancellationToken);
            await foreach (LoadFigure figure in run.MeasureAsync(cancellationToken))
            {
                string value = figure.Value.ToString(figure.Value < 100 ? "0.00" : "N0", CultureInfo.InvariantCulture);
                string target = figure.Target is { } wanted ? $" [grey](target {(figure.SmallerIsBetter ? "at most" : "at least")} {wanted.ToString("N0", CultureInfo.InvariantCulture)})[/]" : "";
                output.Tell(
                    $"{(figure.IsMet ? "[green]" : "[yellow]")}{value,10}[/] {figure.Unit,-11} {Show.Safe(figure.What)}{target}",
                    new JsonLine("figure").Add("what", figure.What).Add("unit", figure.Unit).Add("value", figure.Value).Add("target", figure.Target ?? -1).Add("met", figure.IsMet));
            }
            return ExitCode.Done;
        });
        return command;
    }
}
