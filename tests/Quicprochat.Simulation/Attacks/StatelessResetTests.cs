using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Attacks;

/// <summary>Class 14: stateless resets (RFC 9000 §10.3).</summary>
public sealed class StatelessResetTests
{
    private const int MinReset = 21;
    private static readonly byte[] _key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    [Fact]
    public void A_server_that_restarts_with_its_key_ends_its_old_connections()
    {
        var endpoint = new EndpointOptions { StatelessResetKey = _key, AcceptsConnections = true };
        SimPair.Run(1, new Scenario { ServerEndpoint = endpoint, Serving = () => new EchoServer() }, pair =>
        {
            var client = new EchoClient();
            Connection connection = pair.Connect(client);
            Assert.True(pair.World.RunUntil(() => connection.IsConfirmed, SimClock.Second));

            // The old server hears nothing any more; the new one has its address and its key.
            SimHost restarted = pair.World.AddHost("restarted", pair.Server.Address, endpoint);
            client.Send(connection, 100);
            Assert.True(pair.World.RunUntil(() => connection.CloseReason is not null, 5 * SimClock.Second));

            Assert.Equal(CloseKind.StatelessReset, connection.CloseReason!.Kind);
            Assert.Empty(restarted.Connections);
        });
    }

    [Theory]
    [InlineData(1_200)]
    [InlineData(100)]
    [InlineData(43)]
    [InlineData(42)]
    [InlineData(22)]
    public void A_reset_is_shorter_than_what_it_answers_and_looks_like_a_packet(int size) => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Peer.SendDatagram(Unroutable(scene, size));
        scene.World.RunFor(SimClock.Second);

        byte[] reset = Assert.Single(scene.Peer.Datagrams);
        Assert.InRange(reset.Length, MinReset, size - 1);
        Assert.Equal(0x40, reset[0] & 0xc0);
    });

    [Theory]
    [InlineData(21)]
    [InlineData(9)]
    [InlineData(1)]
    public void A_packet_too_small_to_be_one_gets_no_reset(int size) => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Peer.SendDatagram(Unroutable(scene, size));
        scene.World.RunFor(SimClock.Second);

        Assert.Empty(scene.Peer.Datagrams);
    });

    [Fact]
    public void Resets_do_not_answer_each_other_for_ever() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        // Two endpoints that know nothing of a connection: each reset is shorter than the one before.
        SimHost other = scene.World.AddHost("other", Address.From(System.Net.IPAddress.Parse("192.0.2.77"), 7_777), new EndpointOptions { AcceptsConnections = true });
        scene.World.Network.Send(other, new NetworkPath(other.Address, scene.Server.Address), Ecn.NotEct, Unroutable(scene, 1_200));
        scene.World.RunFor(10 * SimClock.Second);

        Assert.InRange(scene.Packets.Count(p => p.SentFrom == other.Address || p.SentTo == other.Address), 1, 1_200);
    });

    [Fact]
    public void Resets_are_few_however_many_packets_ask_for_them() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        for (int i = 0; i < 5_000; i++)
        {
            scene.Peer.SendDatagram(Unroutable(scene, 100));
        }
        scene.World.RunFor(500 * SimClock.Millisecond);

        Assert.InRange(scene.Peer.Datagrams.Count, 1, 500);
    });

    [Fact]
    public void A_forged_reset_does_not_end_a_connection() => ClientScene.Run(scene =>
    {
        scene.Establish();
        byte[] forged = new byte[60];
        scene.Peer.Random.Fill(forged);
        forged[0] = (byte)((forged[0] & 0x3f) | 0x40);
        scene.Peer.SendDatagram(forged);
        scene.ExpectAlive();
    });

    [Fact]
    public void The_token_of_new_connection_id_ends_the_connection_that_uses_the_id() => ClientScene.Run(scene =>
    {
        scene.Establish();
        byte[] token = [.. Enumerable.Range(100, 16).Select(i => (byte)i)];
        // The client must move to the new id, and with it to its token.
        scene.Peer.Send(Forge.NewConnectionId(1, 1, [1, 2, 3, 4, 5, 6, 7, 8], token));
        scene.World.RunFor(200 * SimClock.Millisecond);
        byte[] reset = [0x41, .. new byte[30], .. token];
        scene.Peer.SendDatagram(reset);
        Assert.True(scene.World.RunUntil(() => scene.Connection.CloseReason is not null, SimClock.Second));

        Assert.Equal(CloseKind.StatelessReset, scene.Connection.CloseReason!.Kind);
        // Draining: nothing is sent any more (RFC 9000 §10.3.1).
        int before = scene.Packets.Count;
        scene.Peer.SendDatagram(reset);
        scene.World.RunFor(20 * SimClock.Millisecond);
        Assert.DoesNotContain(scene.Packets.Skip(before), p => p.SentFrom == scene.Client.Address);
    });

    private static byte[] Unroutable(ServerScene scene, int size)
    {
        byte[] packet = new byte[size];
        scene.Peer.Random.Fill(packet);
        packet[0] = (byte)((packet[0] & 0x3f) | 0x40);
        return packet;
    }
}
