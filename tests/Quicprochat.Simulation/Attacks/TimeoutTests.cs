using System.Net;
using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Attacks;

/// <summary>Classes 23 and 24: peers that do nothing, and too many of them.</summary>
public sealed class TimeoutTests
{
    [Theory]
    [InlineData(30_000, 5_000, 5_000)]
    [InlineData(5_000, 30_000, 5_000)]
    [InlineData(0, 5_000, 5_000)]
    [InlineData(5_000, 0, 5_000)]
    public void The_smaller_idle_timeout_counts_at_both_ends(int clientMs, int serverMs, int expectedMs)
    {
        var scenario = new Scenario
        {
            ClientTransport = new TransportOptions { IdleTimeout = clientMs * SimClock.Millisecond },
            ServerTransport = new TransportOptions { IdleTimeout = serverMs * SimClock.Millisecond },
        };
        SimPair.Run(1, scenario, pair =>
        {
            Connection client = pair.Connect(new IdleApplication());
            Assert.True(pair.World.RunUntil(() => client.IsConfirmed, SimClock.Second));
            long started = pair.World.Now;
            Assert.True(pair.World.RunUntil(() => client.CloseReason is not null && pair.Server.Connections[0].CloseReason is not null, 60 * SimClock.Second));

            Assert.InRange(pair.World.Now - started, expectedMs * SimClock.Millisecond, (expectedMs + 500) * SimClock.Millisecond); // RFC 9000 §10.1
            Assert.Equal(CloseKind.IdleTimeout, client.CloseReason!.Kind);
            Assert.Equal(CloseKind.IdleTimeout, pair.Server.Connections[0].CloseReason!.Kind);
            // It ends without a word.
            Assert.DoesNotContain(pair.Observer.Packets, p => p.Frames.Any(f => f.IsClose));
            Assert.Equal(0, pair.Client.Endpoint.ConnectionCount + pair.Server.Endpoint.ConnectionCount);
        });
    }

    [Fact]
    public void Keep_alive_keeps_alive()
    {
        var scenario = new Scenario { ClientTransport = new TransportOptions { IdleTimeout = 5 * SimClock.Second, KeepAliveInterval = 2 * SimClock.Second } };
        SimPair.Run(1, scenario, pair =>
        {
            Connection client = pair.Connect(new IdleApplication());
            pair.World.RunFor(60 * SimClock.Second);
            Assert.True(client.CloseReason is null && pair.Server.Connections[0].CloseReason is null);
        });
    }

    [Fact]
    public void A_client_that_never_finishes_its_handshake_is_forgotten() => ServerScene.Run(
        new ServerSceneOptions { Transport = new TransportOptions { HandshakeTimeout = 4 * SimClock.Second }, Peer = new ScriptedPeerOptions { Rewrite = (_, level, bytes) => level == EncryptionLevel.Handshake ? [] : bytes } },
        scene =>
        {
            scene.Peer.Start();
            scene.World.RunFor(500 * SimClock.Millisecond);
            Assert.Equal(2, scene.Server.Endpoint.ConnectionCount);
            // It keeps its connection busy meanwhile.
            for (int i = 0; i < 100; i++)
            {
                scene.Peer.Send(EncryptionLevel.Handshake, Forge.Ping());
                scene.World.RunFor(50 * SimClock.Millisecond);
            }
            Assert.Equal(CloseKind.HandshakeTimeout, scene.Connection.CloseReason?.Kind);
            scene.World.RunFor(2 * SimClock.Second);
            Assert.Equal(1, scene.Server.Endpoint.ConnectionCount);
        });

    [Fact]
    public void A_client_gives_up_a_server_that_is_not_there()
    {
        var scenario = new Scenario { ClientTransport = new TransportOptions { HandshakeTimeout = 4 * SimClock.Second }, ToServer = () => [new LossLink(1)] };
        SimPair.Run(1, scenario, pair =>
        {
            Connection client = pair.Connect(new IdleApplication());
            Assert.True(pair.World.RunUntil(() => client.CloseReason is not null, 10 * SimClock.Second));
            Assert.Equal(CloseKind.HandshakeTimeout, client.CloseReason!.Kind);
            Assert.Equal(4 * SimClock.Second, pair.World.Clock.Elapsed);
            // RFC 9002 §6.2.1: probes back off, so they are few.
            Assert.InRange(pair.Observer.Packets.Count, 3, 12);
        });
    }

    [Fact]
    public void Under_load_a_server_asks_for_a_retry_and_beyond_it_refuses()
    {
        var endpoint = new EndpointOptions { Retry = RetryPolicy.UnderLoad, MaxPendingHandshakes = 16 };
        ServerScene.Run(new ServerSceneOptions { Endpoint = endpoint }, scene =>
        {
            // Each of these sends its ClientHello and nothing else.
            ScriptedPeer[] flood = [.. Enumerable.Range(0, 64).Select(i => new ScriptedPeer(
                scene.World, Side.Client, Address.From(IPAddress.Parse("203.0.113.7"), (ushort)(20_000 + i)), scene.Server.Address, new ScriptedPeerOptions { RunsHandshake = false, Acknowledges = false, Token = null }))];
            foreach (ScriptedPeer peer in flood)
            {
                peer.Start();
                scene.World.RunFor(SimClock.Millisecond);
            }
            // Half of what is allowed without a proof of address; the bystander is the one more.
            Assert.InRange(scene.Server.Endpoint.ConnectionCount, 2, 9);
            Assert.Contains(scene.Packets, p => p.Kind == WirePacketKind.Retry);

            // Who can prove its address still gets in.
            scene.Establish();
            scene.ExpectAlive();
        });
    }

    [Fact]
    public void A_flood_of_spoofed_initials_leaves_no_more_than_the_limit()
    {
        var endpoint = new EndpointOptions { Retry = RetryPolicy.Never, MaxPendingHandshakes = 32 };
        ServerScene.Run(new ServerSceneOptions { Endpoint = endpoint, Observes = false }, scene =>
        {
            byte[] datagram = new byte[1_200];
            for (int i = 0; i < 2_000; i++)
            {
                byte[] initial = InitialWithPing(scene.World.Random);
                var path = new NetworkPath(scene.Server.Address, Address.FromBytes([203, 0, (byte)(i >> 8), (byte)i], 9));
                scene.Server.Endpoint.HandleDatagram(scene.World.Now, path, Ecn.NotEct, initial);
                scene.Server.Pump();
            }
            Assert.InRange(scene.Server.Endpoint.ConnectionCount, 2, 34);
            // They go as they came.
            scene.World.RunFor(30 * SimClock.Second);
            Assert.Equal(1, scene.Server.Endpoint.ConnectionCount);
            Assert.NotEmpty(datagram);
        });
    }

    private static byte[] InitialWithPing(SeededRandom random)
    {
        var destination = ConnectionId.Draw(random, 8);
        KeySchedule.DeriveInitial(Crypto.CryptoProvider.Native, destination, Side.Client, out ProtectionKeys send, out _);
        byte[] buffer = new byte[1_200];
        var writer = new Writer(buffer);
        PacketLayout layout = new LongHeader { Type = LongPacketType.Initial, Destination = destination, Source = ConnectionId.Draw(random, 8) }.Write(ref writer, 0, 4);
        buffer[writer.Position] = 0x01;
        PacketProtection.Seal(buffer, layout, buffer.Length - PacketProtection.TagSize, send.Packet, send.Header);
        return buffer;
    }
}
