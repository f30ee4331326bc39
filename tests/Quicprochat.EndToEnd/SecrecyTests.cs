using System.Net;
using Quicprochat.Cli.Demo;

namespace Quicprochat.EndToEnd;

/// <summary>Nothing that was said can be read where it should not be.</summary>
public sealed class SecrecyTests
{
    [Fact]
    public async Task Nothing_said_is_in_the_servers_files_on_the_wire_or_readable_in_a_profile()
    {
        await using var world = new World();
        Qpc server = await world.ServeAsync();
        await using WireCapture wire = WireCapture.Start(IPEndPoint.Parse(world.Listen!));
        world.DialThrough(wire.EndPoint);
        await Conversation.MakeTeamAsync(world);
        string[] lines = [.. Enumerable.Range(0, 200).Select(static i => $"the secret number {i} is {i * 7919 % 10007}")];
        await using Qpc sender = world.Start("send", "team", "-", "--profile", "alice");
        await sender.Input.WriteAsync(string.Join('\n', lines));
        sender.Input.Close();
        Assert.Equal(0, await sender.ExitAsync());
        await Conversation.CatchUpAsync(world, "bob", lines.Length);

        // Carol has not fetched hers: the server still holds all of it, in files that were closed by a kill.
        await server.KillAsync();
        var search = new PlaintextSearch([.. lines, "the secret number"]);
        Assert.Null(search.FindInFolder(world.ServerFolder, out int files, out long length));
        Assert.True(files > 0 && length > 200 * lines.Length);
        Assert.NotNull(new PlaintextSearch([$"alice@{world.ServerName}"]).FindInFolder(world.ServerFolder, out _, out _));
        Assert.All(wire.Datagrams, datagram => Assert.Null(search.FindIn(datagram)));
        Assert.True(wire.Datagrams.Sum(static d => d.Length) > 400 * lines.Length);
        Assert.Null(search.FindInFolder(Path.Combine(world.Folder, "home"), out files, out _));
        Assert.True(files >= 3);
        Assert.Equal(lines, (await world.RunAsync("history", "team", "--all", "--profile", "bob")).Select(static m => m.GetProperty("text").GetString()!));
    }
}
