using System.Text.Json;

namespace Quicprochat.EndToEnd;

/// <summary>Two people who talk with <c>qpc chat</c>, go away, and come back.</summary>
public sealed class ChatTests
{
    [Fact]
    public async Task Two_chats_talk_make_a_group_go_away_and_come_back()
    {
        await using var world = new World();
        await using Qpc server = await world.ServeAsync();
        await world.RegisterAsync("alice");
        await world.RegisterAsync("bob");
        await using Qpc alice = world.Start("chat", "--profile", "alice");
        await using (Qpc bob = world.Start("chat", "--profile", "bob"))
        {
            await alice.Input.WriteLineAsync("/dm bob hello Bob");
            await alice.Input.FlushAsync(TestContext.Current.CancellationToken);
            Assert.Equal("hello Bob", await NextTextAsync(bob));
            await SayAsync(bob, "hello Alice");
            Assert.Equal("hello Alice", await NextTextAsync(alice));
            await SayAsync(alice, "/group create pals bob");
            await SayAsync(alice, "now in a group");
            JsonElement message = await NextAsync(bob);
            Assert.Equal(("now in a group", "pals"), (message.GetProperty("text").GetString(), message.GetProperty("name").GetString()));
            await SayAsync(bob, "/quit");
            Assert.Equal(0, await bob.ExitAsync());
        }
        await SayAsync(alice, "while you were away");
        await using Qpc again = world.Start("chat", "pals", "--profile", "bob");
        Assert.Equal("while you were away", await NextTextAsync(again));
        await SayAsync(again, "I am back");
        Assert.Equal("I am back", await NextTextAsync(alice));
        alice.Input.Close();
        Assert.Equal(0, await alice.ExitAsync());
    }

    [Fact]
    public async Task What_is_typed_wrong_is_explained_and_the_chat_goes_on()
    {
        await using var world = new World();
        await using Qpc server = await world.ServeAsync();
        await world.RegisterAsync("alice");
        await using Qpc alice = world.Start("chat", "--profile", "alice");
        foreach (string line in (string[])["nobody hears this", "/nonsense", "/dm nobody", "/open x", "/notes still here", "/quit"])
        {
            await SayAsync(alice, line);
        }
        Assert.Equal(0, await alice.ExitAsync());
        string[] codes = [.. (await alice.ErrorsAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("code").GetString()!)];
        Assert.Equal(["usage", "usage", "account_unknown", "conversation_unknown"], codes);
        JsonElement[] notes = await world.RunAsync("history", "notes", "--profile", "alice");
        Assert.Equal("still here", Assert.Single(notes).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_server_that_was_killed_tells_its_clients_when_it_is_back()
    {
        await using var world = new World();
        Qpc server = await world.ServeAsync();
        await Conversation.MakeTeamAsync(world);
        await using Qpc alice = world.Start("chat", "team", "--profile", "alice");
        Assert.Equal("connecting", (await alice.NextAsync("connection")).GetProperty("state").GetString());
        Assert.Equal("connected", (await alice.NextAsync("connection")).GetProperty("state").GetString());
        await server.KillAsync();
        await world.ServeAsync();
        await SayAsync(alice, "who is there?");

        // Not the silence of a dead server, which takes half a minute to notice, but the word of the new one (RFC 9000 §10.3).
        JsonElement lost = await alice.NextAsync("connection");
        Assert.Equal("reconnecting", lost.GetProperty("state").GetString());
        Assert.Contains("restarted", lost.GetProperty("problem").GetString(), StringComparison.Ordinal);
        await Conversation.CatchUpAsync(world, "bob", 1);
    }

    private static async Task SayAsync(Qpc chat, string line)
    {
        await chat.Input.WriteLineAsync(line);
        await chat.Input.FlushAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string?> NextTextAsync(Qpc chat) => (await NextAsync(chat)).GetProperty("text").GetString();

    /// <summary>The next message of somebody else.</summary>
    private static async Task<JsonElement> NextAsync(Qpc chat)
    {
        while (true)
        {
            JsonElement message = await chat.NextAsync("message");
            if (!message.GetProperty("own").GetBoolean())
            {
                return message;
            }
        }
    }
}
