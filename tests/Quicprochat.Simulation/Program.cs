using Quicprochat.Simulation.Operations;
using Xunit.MicrosoftTestingPlatform;

namespace Quicprochat.Simulation;

/// <summary>The tests; and <c>simulate SEEDS [FIRST]</c>, which scripts/simulate runs.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args is ["simulate", .. var rest]
        ? Task.FromResult(SimulateCommand.Run(rest))
        : TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
