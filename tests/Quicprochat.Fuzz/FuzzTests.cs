namespace Quicprochat.Fuzz;

/// <summary>A few thousand inputs for each target. <c>scripts/fuzz SECONDS</c> goes on for as long as one likes.</summary>
public sealed class FuzzTests
{
    [Theory]
    [InlineData("headers", 20_000)]
    [InlineData("frames", 20_000)]
    [InlineData("parameters", 20_000)]
    [InlineData("tokens", 5_000)]
    [InlineData("tls-server", 2_000)]
    [InlineData("tls-client", 1_000)]
    [InlineData("datagrams", 5_000)]
    [InlineData("server", 1_500)]
    [InlineData("client", 1_500)]
    public void Inputs_are_borne(string target, int count)
    {
        using IFuzzTarget tested = FuzzTargets.All[target]();
        new FuzzRun(tested, seed: 1).Run(count);
    }

    [Fact]
    public void Every_target_is_tested_here()
    {
        IEnumerable<object?> tested = typeof(FuzzTests).GetMethod(nameof(Inputs_are_borne))!.GetCustomAttributes(typeof(InlineDataAttribute), inherit: false).Select(a => ((InlineDataAttribute)a).Data[0]);
        Assert.Equal(FuzzTargets.All.Keys.Order(), tested.Select(t => (string)t!).Order());
    }
}
