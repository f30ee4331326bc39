using System.Globalization;

namespace Quicprochat.Interop.Quic;

/// <summary>Our QUIC against other people's, as real processes over real UDP.</summary>
public sealed class QuicInteropTests
{
    [Theory]
    [InlineData("ours", "ours", "X25519MLKEM768")]
    [InlineData("ours", "quic-go", "x25519")]
    [InlineData("ours", "deno", "X25519MLKEM768")]
    [InlineData("quic-go", "ours", null)]
    [InlineData("deno", "ours", null)]
    public async Task Sixty_four_streams_of_a_megabyte_come_back_unchanged(string client, string server, string? group)
    {
        string result = await RunAsync(client, server, "echo", "64", "1000000");
        Assert.StartsWith("ok echo streams=64 bytes=1000000", result, StringComparison.Ordinal);
        AssertGroup(group, result);
    }

    [Theory]
    [InlineData("ours", "ours")]
    [InlineData("ours", "quic-go")]
    [InlineData("ours", "deno")]
    public async Task Only_chacha20_is_offered_and_taken(string client, string server)
    {
        string result = await RunAsync(Peers.Named(client).With("CIPHER", "chacha20"), client, Peers.Named(server), server, "echo", "4", "100000");
        Assert.Contains("cipher=TLS_CHACHA20_POLY1305_SHA256", result, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ours", "ours")]
    [InlineData("ours", "quic-go")]
    [InlineData("quic-go", "ours")]
    [InlineData("deno", "ours")]
    public async Task A_server_asks_for_a_retry(string client, string server)
    {
        string result = await RunAsync(Peers.Named(client), client, Peers.Named(server).With("RETRY", "1"), server, "echo", "4", "100000");
        Assert.StartsWith("ok echo", result, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ours")]
    [InlineData("quic-go")]
    [InlineData("deno")]
    public async Task Keys_change_in_the_middle_of_a_transfer(string server) =>
        Assert.StartsWith("ok keyupdate", await RunAsync("ours", server, "keyupdate"), StringComparison.Ordinal);

    [Theory]
    [InlineData("ours", "ours")]
    [InlineData("ours", "quic-go")]
    [InlineData("ours", "deno")]
    [InlineData("quic-go", "ours")]
    [InlineData("deno", "ours")]
    public async Task Datagrams_come_back(string client, string server) =>
        Assert.StartsWith("datagrams echoed 20 of 20", await RunAsync(client, server, "dgram", "20"), StringComparison.Ordinal);

    // quic-go 0.29 does not follow a client that moves.
    [Theory]
    [InlineData("ours")]
    [InlineData("deno")]
    public async Task The_local_socket_changes_in_the_middle_of_a_transfer(string server) =>
        Assert.StartsWith("ok migrate", await RunAsync("ours", server, "migrate"), StringComparison.Ordinal);

    [Theory]
    [InlineData("x25519")]
    [InlineData("secp256r1")]
    public async Task Classical_groups_are_accepted(string group)
    {
        string result = await RunAsync(Peers.Named("ours").With("GROUPS", group), "ours", Peers.Named("quic-go"), "quic-go", "echo", "1", "1000");
        AssertGroup(group, result);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_lossy_network_costs_time_and_nothing_else(int seed)
    {
        (PeerProcess server, string address) = await PeerProcess.ServeAsync(Peers.Ours, "listening", "server", "127.0.0.1:0");
        using (server)
        {
            string[] faults = ["--loss", "0.02", "--delay", "5", "--seed", seed.ToString(CultureInfo.InvariantCulture)];
            (PeerProcess relay, string front) = await PeerProcess.ServeAsync(Peers.Relay, "relay", [address, .. faults]);
            using (relay)
            {
                using PeerProcess client = PeerProcess.Start(Peers.Ours, "echo", front, "64", "100000");
                Assert.StartsWith("ok echo streams=64 bytes=100000", await client.ResultAsync(), StringComparison.Ordinal);
            }
        }
    }

    private static Task<string> RunAsync(string client, string server, string mode, params string[] rest) =>
        RunAsync(Peers.Named(client), client, Peers.Named(server), server, mode, rest);

    private static async Task<string> RunAsync(PeerCommand client, string clientName, PeerCommand server, string serverName, string mode, params string[] rest)
    {
        (PeerProcess process, string address) = await PeerProcess.ServeAsync(server, "listening", Peers.Mode(serverName, "server", "127.0.0.1:0"));
        using (process)
        {
            using PeerProcess dialling = PeerProcess.Start(client, Peers.Mode(clientName, mode, address, rest));
            return await dialling.ResultAsync();
        }
    }

    private static void AssertGroup(string? group, string result)
    {
        if (group is not null)
        {
            Assert.Contains($"group={group} ", result, StringComparison.OrdinalIgnoreCase);
        }
    }
}
