using System.Text.Json;

namespace Quicprochat.EndToEnd;

/// <summary>What the tests do with a group called team.</summary>
internal static class Conversation
{
    /// <summary>Alice, Bob and Carol register, and Alice makes the group.</summary>
    public static async Task MakeTeamAsync(World world)
    {
        await world.RegisterAsync("alice");
        await world.RegisterAsync("bob");
        await world.RegisterAsync("carol");
        await world.RunAsync("group", "create", "team", "bob", "carol", "--profile", "alice");
    }

    /// <summary>A process that prints so many messages, beginning with the first.</summary>
    public static Qpc Tail(World world, string name, int count) => world.Start("tail", "--all", "--count", $"{count}", "--profile", name);

    public static async Task<List<string>> TextsAsync(Qpc tail, int count)
    {
        var texts = new List<string>();
        while (texts.Count < count)
        {
            texts.Add((await tail.NextAsync("message")).GetProperty("text").GetString()!);
        }
        return texts;
    }

    /// <summary>Lets somebody receive until there are so many messages.</summary>
    public static async Task CatchUpAsync(World world, string name, int count)
    {
        Qpc tail = Tail(world, name, count);
        Assert.Equal(count, (await TextsAsync(tail, count)).Count);
        Assert.Equal(0, await tail.ExitAsync());
    }

    /// <summary>All three have exactly these lines, and the same keys.</summary>
    public static async Task AssertHistoriesAsync(World world, string[] lines)
    {
        var epochs = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in (string[])["alice", "bob", "carol"])
        {
            JsonElement[] history = await world.RunAsync("history", "team", "--all", "--profile", name);
            Assert.Equal(lines, history.Select(static message => message.GetProperty("text").GetString()!));
            Assert.Equal(lines.Length, history.Select(static message => message.GetProperty("id").GetString()).Distinct(StringComparer.Ordinal).Count());
            JsonElement team = (await world.RunAsync("conversations", "--profile", name)).Single(static c => c.GetProperty("name").GetString() == "team");
            epochs.Add($"{team.GetProperty("epoch")} {team.GetProperty("authenticator")}");
        }
        Assert.Single(epochs);
    }
}
