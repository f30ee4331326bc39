using System.CommandLine;
using Quicprochat.Cli.Commands;
using Quicprochat.Cli.Terminal;

namespace Quicprochat.Cli.Demo;

/// <summary><c>demo</c>: everything once, with real parts, on this machine.</summary>
internal static class DemoCommand
{
    public static Command Build()
    {
        var keep = new Option<string?>("--keep") { Description = "Keep what the server and the three clients stored in this folder", HelpName = "folder" };
        var command = new Command("demo", "See it work: a real server, three people, and what nobody in between can read") { keep };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Output output = Output.ForConsole(parsed.GetValue(CommonOptions.Json));
            string folder = parsed.GetValue(keep) ?? Directory.CreateTempSubdirectory("qpc-demo-").FullName;
            try
            {
                var play = new Play(output, folder);
                return await play.RunAsync(cancellationToken) ? ExitCode.Done : ExitCode.CheckFailed;
            }
            finally
            {
                if (parsed.GetValue(keep) is null)
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
        });
        return command;
    }
}
