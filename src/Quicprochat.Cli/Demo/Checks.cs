using Quicprochat.Cli.Commands;
using Quicprochat.Cli.Terminal;

namespace Quicprochat.Cli.Demo;

/// <summary>What the demo claims, each with how it was checked.</summary>
internal sealed class Checks(Output output)
{
    public int Failed { get; private set; }

    public int Passed { get; private set; }

    /// <param name="claim">What should hold.</param>
    /// <param name="problem">Why it does not; null when it does.</param>
    /// <param name="how">What was looked at.</param>
    public void Add(string claim, string? problem, string how)
    {
        if (problem is null)
        {
            Passed++;
        }
        else
        {
            Failed++;
        }
        output.Tell(
            problem is null ? $"[green]✓[/] {Show.Safe(claim)} [grey]({Show.Safe(how)})[/]" : $"[red]✗ {Show.Safe(claim)}:[/] {Show.Safe(problem)} [grey]({Show.Safe(how)})[/]",
            new JsonLine("check").Add("claim", claim).Add("passed", problem is null).Add("problem", problem).Add("how", how));
    }
}
