using System.Text.Json;

namespace Quicprochat.EndToEnd;

/// <summary>A long text from one process through the server to two others.</summary>
public sealed class TextTests
{
    [Fact]
    public async Task A_text_arrives_byte_for_byte_in_order_and_once()
    {
        await using var world = new World();
        await using Qpc server = await world.ServeAsync();
        await Conversation.MakeTeamAsync(world);
        string[] lines = Lines.Make(Lines.Count);
        Qpc[] readers = [Conversation.Tail(world, "bob", lines.Length), Conversation.Tail(world, "carol", lines.Length)];
        await using Qpc sender = world.Start("send", "team", "-", "--profile", "alice");
        await sender.Input.WriteAsync(string.Join('\n', lines) + "\n");
        sender.Input.Close();
        Assert.Equal(lines.Length, (await sender.NextAsync("sent_many")).GetProperty("count").GetInt64());
        Assert.Equal(0, await sender.ExitAsync());
        foreach (Qpc reader in readers)
        {
            Assert.Equal(lines, await Conversation.TextsAsync(reader, lines.Length));
        }
    }

    [Fact]
    public async Task A_text_survives_a_server_that_is_killed_again_and_again()
    {
        await using var world = new World();
        Qpc server = await world.ServeAsync();
        await Conversation.MakeTeamAsync(world);
        string[] lines = Lines.Make(Lines.Count);
        Qpc bob = Conversation.Tail(world, "bob", lines.Length);
        Qpc carol = Conversation.Tail(world, "carol", lines.Length);
        await using Qpc sender = world.Start("send", "team", "-", "--profile", "alice");
        Task writing = WriteAsync(sender, lines);
        var seen = new List<string>();
        for (int kill = 1; kill <= Lines.Kills; kill++)
        {
            while (seen.Count < lines.Length * kill / (Lines.Kills + 1))
            {
                seen.Add((await bob.NextAsync("message")).GetProperty("text").GetString()!);
            }
            await server.KillAsync();
            server = await world.ServeAsync();
        }
        await writing;
        Assert.Equal(0, await sender.ExitAsync());
        seen.AddRange(await Conversation.TextsAsync(bob, lines.Length - seen.Count));
        Assert.Equal(lines, seen);
        Assert.Equal(lines, await Conversation.TextsAsync(carol, lines.Length));
        await bob.ExitAsync();
        await carol.ExitAsync();
        await Conversation.AssertHistoriesAsync(world, lines);
    }

    [Fact]
    public async Task A_text_survives_clients_that_are_killed_again_and_again()
    {
        await using var world = new World();
        await using Qpc server = await world.ServeAsync();
        await Conversation.MakeTeamAsync(world);
        string[] lines = Lines.Make(Lines.Count);
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        int sent = 0;
        for (int kill = 1; kill <= Lines.Kills + 1; kill++)
        {
            // Bob's copy on disk says where his reader goes on; Alice's says which lines she has already said.
            Qpc bob = world.Start("tail", "--all", "--profile", "bob");
            Qpc sender = world.Start("send", "team", "-", "--profile", "alice");
            Task writing = WriteAsync(sender, lines[sent..]);
            int goal = kill > Lines.Kills ? lines.Length : lines.Length * kill / (Lines.Kills + 1);
            while (seen.Count < goal)
            {
                JsonElement message = await bob.NextAsync("message");
                seen[message.GetProperty("id").GetString()!] = message.GetProperty("text").GetString()!;
            }
            if (kill <= Lines.Kills)
            {
                await sender.KillAsync();
            }
            await writing;
            await bob.KillAsync();
            await sender.ExitAsync();
            sent = (await world.RunAsync("history", "team", "--all", "--profile", "alice")).Length;
        }
        Assert.Equal(lines.Length, sent);
        Assert.Equal(lines, seen.Values);
        await Conversation.CatchUpAsync(world, "carol", lines.Length);
        await Conversation.AssertHistoriesAsync(world, lines);
    }

    private static async Task WriteAsync(Qpc sender, string[] lines)
    {
        try
        {
            foreach (string line in lines)
            {
                await sender.Input.WriteAsync(line + "\n");
            }
            sender.Input.Close();
        }
        catch (IOException)
        {
            // It was killed.
        }
    }
}
