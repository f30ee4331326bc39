using System.CommandLine;
using Quicprochat.Cli.Terminal;

namespace Quicprochat.Cli.Commands;

/// <summary>Runs a parsed command line, and turns what goes wrong into a sentence and an exit code.</summary>
internal static class Runner
{
    public static async Task<int> RunAsync(ParseResult parsed)
    {
        Output output = parsed.Errors.Count == 0 ? Output.ForConsole(parsed.GetValue(CommonOptions.Json)) : Output.ForConsole(json: false);
        try
        {
            int code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
            return parsed.Errors.Count > 0 && code != ExitCode.Done ? ExitCode.Usage : code;
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("QPC_DEBUG") is null || Complaint.Of(e) is not null)
        {
            Complaint complaint = Complaint.OfAny(e);
            output.Complain(complaint);
            return complaint.ExitCode;
        }
    }
}
