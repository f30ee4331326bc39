using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Quicprochat.Cli.Commands;
using Quicprochat.Cli.Terminal;
using Quicprochat.Server.Hosting;

namespace Quicprochat.Cli.Serving;

/// <summary><c>serve</c>: runs a server until it is told to stop.</summary>
internal static class ServeCommand
{
    private static readonly Option<bool> _print = new("--print-config") { Description = "Show what is in force, and where it comes from; starts nothing" };

    private static readonly Option<bool> _untilInputEnds = new("--until-input-ends") { Hidden = true };

    public static Command Build()
    {
        var command = new Command("serve", "Run a server. Without options it makes its own certificate, listens on port 5001, and prints the address to give to people") { _print, _untilInputEnds };
        foreach (Option option in ServeSettings.Options)
        {
            command.Add(option);
        }
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Output output = Output.ForConsole(parsed.GetValue(CommonOptions.Json));
            var settings = new ServeSettings(parsed);
            QpcServerOptions options = settings.ToOptions();
            if (parsed.GetValue(_print))
            {
                settings.Print(output, options);
                return ExitCode.Done;
            }
            using ILoggerFactory loggers = LoggerFactory.Create(logging => logging
                .SetMinimumLevel(Settings.IsOn("verbose", parsed.GetValue(CommonOptions.Verbose)) ? LogLevel.Debug : LogLevel.Warning)
                .AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace));
            options.LoggerFactory = loggers;
            long began = Stopwatch.GetTimestamp();
            await using QpcServer server = await QpcServer.StartAsync(options, cancellationToken);
            Tell(output, server, options, Stopwatch.GetElapsedTime(began));
            await WaitAsync(parsed.GetValue(_untilInputEnds), cancellationToken);
            output.Say("[grey]stopping: calls in flight are finished first …[/]");
            await server.StopAsync(CancellationToken.None);
            output.Tell("stopped", new JsonLine("stopped"));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Tell(Output output, QpcServer server, QpcServerOptions options, TimeSpan elapsed) => output.Tell(
        $"[bold]{Show.Safe(server.Name)}[/] [grey]listens on UDP[/] {Show.Safe(server.EndPoint.ToString())} [grey](ready after {elapsed.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms)[/]\n"
        + $"[grey]data        [/] {Show.Safe(Path.GetFullPath(options.DataFolder))}\n"
        + $"[grey]registration[/] {options.Registration.ToString().ToLowerInvariant()}\n"
        + $"[grey]address     [/] [green]{Show.Safe(server.Address)}[/]\n"
        + $"[grey]people join with[/]  qpc register NAME --server {Show.Safe(server.Address)}\n"
        + "[grey]What is behind the # is the fingerprint of the server's key. Ctrl+C stops.[/]",
        new JsonLine("listening").Add("listen", server.EndPoint.ToString()).Add("name", server.Name).Add("address", server.Address).Add("fingerprint", server.Fingerprint)
            .Add("data", Path.GetFullPath(options.DataFolder)).Add("pid", (long)Environment.ProcessId).Add("ready_ms", elapsed.TotalMilliseconds));

    /// <summary>Until Ctrl+C or SIGTERM, or until whoever started the server is gone.</summary>
    private static async Task WaitAsync(bool untilInputEnds, CancellationToken cancellationToken)
    {
        var stop = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = cancellationToken.Register(stop.SetResult);
        Task input = untilInputEnds ? Console.In.ReadToEndAsync(CancellationToken.None) : stop.Task;
        await Task.WhenAny(stop.Task, input);
    }
}
