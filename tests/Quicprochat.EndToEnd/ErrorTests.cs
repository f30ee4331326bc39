namespace Quicprochat.EndToEnd;

/// <summary>What goes wrong has a name, a remedy and an exit code, and loses nothing.</summary>
public sealed class ErrorTests
{
    [Fact]
    public async Task Faults_of_addresses_names_and_keys_are_named()
    {
        await using var world = new World();
        await using Qpc server = await world.ServeAsync();
        await world.RegisterAsync("alice");
        string place = world.Address[..world.Address.IndexOf('#', StringComparison.Ordinal)];
        string wrongKey = $"{place}#{new string('A', 43)}";
        Assert.Equal((5, "profile_exists"), await NameOf(world, "register", "alice", "--server", world.Address, "--profile", "alice"));
        Assert.Equal((6, "account_exists"), await NameOf(world, "register", "alice", "--server", world.Address, "--profile", "second"));
        Assert.Equal((2, "account_name_invalid"), await NameOf(world, "register", "Al ice", "--server", world.Address, "--profile", "third"));
        Assert.Equal((2, "address_invalid"), await NameOf(world, "register", "bob", "--server", "no address at all", "--profile", "bob"));
        Assert.Equal((4, "host_unknown"), await NameOf(world, "register", "bob", "--server", "no-such-host.invalid", "--profile", "bob"));
        Assert.Equal((7, "server_key_changed"), await NameOf(world, "register", "bob", "--server", wrongKey, "--profile", "bob"));
        Assert.Equal((7, "server_key_unknown"), await NameOf(world, "register", "bob", "--server", place, "--profile", "bob"));
        Assert.Equal((3, "account_unknown"), await NameOf(world, "dm", "nobody", "--profile", "alice"));
        Assert.Equal((3, "conversation_unknown"), await NameOf(world, "send", "nothing", "hello", "--profile", "alice"));
        Assert.Equal((2, "usage"), await NameOf(world, "whoami", "--profile", "nobody"));
        await world.RegisterAsync("bob");
    }

    [Fact]
    public async Task Faults_of_a_profile_are_named_and_lose_nothing()
    {
        await using var world = new World();
        await using Qpc server = await world.ServeAsync();
        await world.RegisterAsync("alice");
        string other = Path.Combine(world.Folder, "other");
        await File.WriteAllBytesAsync(other, new byte[32], TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(other, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        Assert.Equal((5, "wrong_key"), await NameOf(world, "whoami", "--profile", "alice", "--key-file", other));

        await using (Qpc chat = world.Start("chat", "--profile", "alice"))
        {
            await chat.NextAsync("connection");
            Assert.Equal((5, "in_use"), await NameOf(world, "whoami", "--profile", "alice"));
            chat.Input.Close();
            Assert.Equal(0, await chat.ExitAsync());
        }
        Assert.Single(await world.RunAsync("whoami", "--profile", "alice"));
    }

    [Fact]
    public async Task A_message_said_without_a_server_is_kept_and_sent_later()
    {
        await using var world = new World();
        Qpc server = await world.ServeAsync();
        await Conversation.MakeTeamAsync(world);
        await server.KillAsync();
        Assert.Equal((4, "unreachable"), await NameOf(world, "send", "team", "can you hear me", "--profile", "alice"));
        await world.ServeAsync();
        await world.RunAsync("send", "team", "now you can", "--profile", "alice");
        await Conversation.CatchUpAsync(world, "bob", 2);
        Assert.Equal(["can you hear me", "now you can"], (await world.RunAsync("history", "team", "--profile", "bob")).Select(static m => m.GetProperty("text").GetString()!));
    }

    [Fact]
    public async Task Faults_of_a_server_are_named()
    {
        await using var world = new World();
        await using Qpc server = await world.ServeAsync();
        string listen = world.Address[..world.Address.IndexOf('#', StringComparison.Ordinal)].Replace("localhost", "127.0.0.1", StringComparison.Ordinal);
        Assert.Equal((1, "address_in_use"), await NameOf(world, "serve", "--data", Path.Combine(world.Folder, "second"), "--listen", listen));
        Assert.Equal((2, "usage"), await NameOf(world, "serve", "--listen", "nowhere"));
        Assert.Equal((1, "data_folder_unusable"), await NameOf(world, "serve", "--data", world.KeyFile, "--listen", "127.0.0.1:0"));
        Assert.Equal((1, "certificate_unusable"), await NameOf(world, "serve", "--data", Path.Combine(world.Folder, "third"), "--listen", "127.0.0.1:0", "--certificate", world.KeyFile, "--key", world.KeyFile));
    }

    private static async Task<(int, string)> NameOf(World world, params string[] arguments)
    {
        (int exitCode, string code, string remedy) = await world.FailAsync(arguments);
        Assert.True(remedy.Length > 0 || arguments[0] == "serve", $"{code} comes without a remedy");
        return (exitCode, code);
    }
}
