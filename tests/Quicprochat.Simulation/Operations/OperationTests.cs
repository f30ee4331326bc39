using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Operations;

/// <summary>The first seeds of <c>scripts/simulate</c>, which runs as many as one likes.</summary>
public sealed class OperationTests
{
    private const int SeedsEach = 10;

    [Theory]
    [InlineData(1)]
    [InlineData(11)]
    [InlineData(21)]
    [InlineData(31)]
    public void Seeds_run_clean(ulong first)
    {
        foreach (ulong seed in SimSeed.Range(first, SeedsEach))
        {
            OperationFuzzer.Run(seed);
        }
    }
}
