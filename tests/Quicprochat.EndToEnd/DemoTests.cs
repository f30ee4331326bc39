using System.Text.Json;

namespace Quicprochat.EndToEnd;

/// <summary>What a visitor runs first.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_runs_to_its_end_and_all_checks_pass()
    {
        await using var world = new World();
        JsonElement[] lines = await world.RunAsync("demo", "--keep", Path.Combine(world.Folder, "kept"));
        JsonElement[] checks = [.. lines.Where(static line => line.GetProperty("type").GetString() == "check")];
        Assert.True(checks.Length >= 10);
        Assert.All(checks, static check => Assert.True(check.GetProperty("passed").GetBoolean(), check.ToString()));
        Assert.Equal(0, lines[^1].GetProperty("failed").GetInt64());
    }
}
