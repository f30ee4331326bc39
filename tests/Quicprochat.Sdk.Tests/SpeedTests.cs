using System.Diagnostics;
using System.Net;
using Quicprochat.Server.Hosting;

namespace Quicprochat.Sdk.Tests;

/// <summary>Figures, to be looked at by people: <c>--explicit only</c>.</summary>
public sealed class SpeedTests
{
    private static readonly string[] _three = ["alice", "bob", "carol"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Explicit = true)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ten_thousand_lines_to_two_others(bool quic)
    {
        await using var world = new TestWorld();
        await using QpcServer? server = quic ? await QpcServer.StartAsync(new QpcServerOptions { DataFolder = world.PathOf("quic server"), Listen = new IPEndPoint(IPAddress.Loopback, 0), Name = "q" }, Cancellation) : null;
        QpcClient[] clients = await Task.WhenAll(_three.Select(name => RegisterAsync(world, server, name)));
        Watch[] watches = [new(clients[1]), new(clients[2])];
        Conversation group = await clients[0].CreateGroupAsync("g", ["bob", "carol"], Cancellation);
        string[] lines = [.. Enumerable.Range(0, 10_000).Select(static i => $"line {i} of a text that is neither short nor long, as lines of texts are")];

        var clock = Stopwatch.StartNew();
        await group.SendManyAsync(lines.ToAsyncEnumerable(), Cancellation);
        TimeSpan sent = clock.Elapsed;
        await watches[0].TextsAsync(lines);
        await watches[1].TextsAsync(lines);
        TestContext.Current.TestOutputHelper!.WriteLine($"{clients[0].Security}: 10,000 lines sent in {sent.TotalSeconds:0.00} s, with two others in {clock.Elapsed.TotalSeconds:0.00} s");
    }

    [Theory(Explicit = true)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Latency_of_one_message(bool quic)
    {
        await using var world = new TestWorld();
        await using QpcServer? server = quic ? await QpcServer.StartAsync(new QpcServerOptions { DataFolder = world.PathOf("quic server"), Listen = new IPEndPoint(IPAddress.Loopback, 0), Name = "q" }, Cancellation) : null;
        QpcClient[] clients = await Task.WhenAll(_three.Take(2).Select(name => RegisterAsync(world, server, name)));
        Conversation direct = await clients[0].GetDirectAsync("bob", Cancellation);
        await direct.SendTextAndWaitAsync("warm", Cancellation);
        await using IAsyncEnumerator<ClientEvent> events = clients[1].Events(Cancellation).GetAsyncEnumerator(Cancellation);
        var times = new List<double>();
        var stored = new List<double>();
        for (int i = 0; i < 500; i++)
        {
            long began = Stopwatch.GetTimestamp();
            await direct.SendTextAsync($"{i}", Cancellation);
            stored.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            while (await events.MoveNextAsync() && events.Current is not MessageReceived)
            {
            }
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        times.Sort();
        stored.Sort();
        TestContext.Current.TestOutputHelper!.WriteLine($"{clients[0].Security}: send to shown p50 {times[250]:0.00} ms, p99 {times[495]:0.00} ms; of it on the own disk p50 {stored[250]:0.00} ms");
    }

    [Theory(Explicit = true)]
    [InlineData(100)]
    [InlineData(500)]
    public async Task A_large_group_is_joined(int members)
    {
        await using var world = new TestWorld(static options =>
        {
            options.Limits.RegistrationsPerMinute = 100_000;
            options.Limits.RegistrationBurst = 100_000;
        });
        QpcClient alice = await world.RegisterAsync("alice");
        QpcClient last = await world.RegisterAsync("last");
        for (int i = 0; i < members - 2; i++)
        {
            QpcClient member = await world.RegisterAsync($"user{i}");
            await member.DisposeAsync();
        }
        var lasts = new Watch(last);
        Conversation group = await alice.CreateGroupAsync("g", ["user0"], Cancellation);
        var clock = Stopwatch.StartNew();
        await group.InviteAsync(Enumerable.Range(1, members - 3).Select(static i => $"user{i}"), Cancellation);
        TimeSpan invited = clock.Elapsed;
        clock.Restart();
        await group.InviteAsync(["last"], Cancellation);
        TimeSpan one = clock.Elapsed;
        await lasts.ForAsync<ConversationAdded>();
        TimeSpan joined = clock.Elapsed;
        clock.Restart();
        await last.Conversations[0].UpdateKeysAsync(Cancellation);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{members} members: all invited in {invited.TotalSeconds:0.00} s; the last added in {one.TotalSeconds:0.00} s, joined {joined.TotalSeconds:0.00} s after the call; keys updated in {clock.Elapsed.TotalSeconds:0.00} s");
    }

    private static async Task<QpcClient> RegisterAsync(TestWorld world, QpcServer? server, string name) => server is null
        ? await world.RegisterAsync(name)
        : world.Keep(await QpcClient.CreateAsync(world.Options(name) with { Dial = null }, new RegisterOptions { Account = name, Server = ServerAddress.Parse(server.Address) }, Cancellation));
}
