using System.Net;
using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Attacks;

/// <summary>Class 21: who may move a path, and when (RFC 9000 §9).</summary>
public sealed class MigrationTests
{
    private static readonly Address _elsewhere = Address.From(IPAddress.Parse("192.0.2.99"), 9_999);

    [Fact]
    public void A_packet_from_elsewhere_before_the_handshake_is_confirmed_moves_nothing()
    {
        byte[] Elsewhere(ScriptedPeer peer, EncryptionLevel level, byte[] bytes)
        {
            if (level == EncryptionLevel.Handshake)
            {
                Address home = peer.Address;
                peer.MoveTo(_elsewhere);
                peer.Send(EncryptionLevel.Handshake, Forge.Ping());
                peer.MoveTo(home);
            }
            return bytes;
        }

        ServerScene.Run(new ServerSceneOptions { Peer = new ScriptedPeerOptions { Rewrite = Elsewhere } }, scene =>
        {
            scene.Establish(); // RFC 9000 §9
            Assert.DoesNotContain(scene.Packets, p => p.SentTo == _elsewhere);
        });
    }

    [Fact]
    public void A_probing_packet_from_elsewhere_is_answered_there_and_moves_nothing() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        Address home = scene.Peer.Address;
        scene.Peer.MoveTo(_elsewhere);
        scene.Peer.Send(Forge.PathChallenge(0x0102_0304_0506_0708), Forge.Padding(1_150));
        scene.Peer.MoveTo(home);
        scene.World.RunFor(500 * SimClock.Millisecond);

        Assert.Contains(scene.Packets, p => p.SentTo == _elsewhere && p.Has(WireFrame.PathResponse)); // RFC 9000 §8.2.2
        Assert.Equal(home, scene.Connection.Path.Remote); // RFC 9000 §9.2
        scene.ExpectAlive();
    });

    [Fact]
    public void An_old_packet_from_elsewhere_moves_nothing() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        Address home = scene.Peer.Address;
        byte[] old = scene.Peer.BuildPacket(EncryptionLevel.Application, new PacketForgery(), Forge.Ping());
        scene.Peer.Send(Forge.Ping());
        scene.World.RunFor(100 * SimClock.Millisecond);
        scene.Peer.MoveTo(_elsewhere);
        scene.Peer.SendDatagram(old);
        scene.Peer.MoveTo(home);
        scene.World.RunFor(100 * SimClock.Millisecond);

        Assert.Equal(home, scene.Connection.Path.Remote); // RFC 9000 §9.3
        scene.ExpectAlive();
    });

    [Fact]
    public void A_thief_who_repeats_a_packet_from_elsewhere_does_not_keep_the_path() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        // Off-path: the copy overtakes the original, so the server must follow, validate in vain, and come back (RFC 9000 §9.3.2, §9.3.3).
        scene.Establish();
        Address home = scene.Peer.Address;
        byte[] packet = scene.Peer.BuildPacket(EncryptionLevel.Application, new PacketForgery(), Forge.Ping());
        scene.World.Network.Send(scene.Peer, _elsewhere, scene.Server.Address, Ecn.NotEct, packet);
        scene.World.RunFor(50 * SimClock.Millisecond);
        scene.Peer.SendDatagram(packet);
        AnswerChallenges(scene);
        scene.World.RunFor(5 * SimClock.Second);

        Assert.Equal(home, scene.Connection.Path.Remote);
        scene.ExpectAlive();
    });

    [Fact]
    public void A_path_response_that_answers_nothing_is_borne() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        scene.Peer.Send(Forge.PathResponse([1, 2, 3, 4, 5, 6, 7, 8]));
        scene.ExpectAlive();
    });

    [Fact]
    public void A_client_that_hops_between_a_thousand_addresses_costs_little() => ServerScene.Run(
        new ServerSceneOptions { Peer = new ScriptedPeerOptions { Acknowledges = false } },
        scene =>
        {
            scene.Establish();
            Address home = scene.Peer.Address;
            for (int i = 0; i < 1_000; i++)
            {
                scene.Peer.MoveTo(Address.From(IPAddress.Parse("192.0.2.99"), (ushort)(10_000 + i)));
                scene.Peer.Send(Forge.Ping());
                scene.World.RunFor(SimClock.Millisecond);
            }
            scene.Peer.MoveTo(home);
            scene.Peer.Send(Forge.Ping());
            AnswerChallenges(scene);
            scene.World.RunFor(5 * SimClock.Second);

            // To each address at most three times what came from it, and the connection is still the client's.
            foreach (IGrouping<Address, WirePacket> address in scene.Packets.Where(p => p.SentTo.Port is >= 10_000 and < 11_000).GroupBy(p => p.SentTo))
            {
                long came = scene.Packets.Where(p => p.SentFrom == address.Key).Select(p => p.Datagram).Distinct().Sum(d => d.Length);
                Assert.InRange(address.Select(p => p.Datagram).Distinct().Sum(d => d.Length), 0, 3 * came);
            }
            scene.ExpectAlive();
        });

    [Fact]
    public void A_client_that_changes_its_address_goes_on_and_uses_a_new_id() => SimPair.Run(1, new Scenario { Serving = () => new EchoServer() }, pair =>
    {
        var client = new EchoClient();
        Connection connection = pair.Connect(client);
        Assert.True(pair.World.RunUntil(() => connection.IsConfirmed, SimClock.Second));
        client.Send(connection, 300_000);
        pair.World.RunFor(100 * SimClock.Millisecond);
        Address home = pair.Client.Address;
        ConnectionId before = pair.Observer.From(Side.Client).Last().Destination;
        pair.Client.MoveTo(_elsewhere);

        Assert.True(pair.World.RunUntil(() => client.Finished == 1, 20 * SimClock.Second));
        WirePacket first = pair.Observer.From(Side.Client).First(p => p.SentFrom == _elsewhere);
        Assert.NotEqual(before, first.Destination); // RFC 9000 §9.5
        Assert.Equal(_elsewhere, pair.Server.Connections[0].Path.Remote);
        Assert.NotEqual(home, _elsewhere);
        connection.Close(pair.World.Now, 0, "");
        pair.Drain();
    });

    /// <summary>The peer answers whatever challenge reaches its own address.</summary>
    private static void AnswerChallenges(ServerScene scene)
    {
        var answered = new HashSet<string>();
        for (int i = 0; i < 100; i++)
        {
            scene.World.RunFor(10 * SimClock.Millisecond);
            foreach (WireFrame challenge in scene.Peer.Received.Where(p => p.SentTo == scene.Peer.Address).SelectMany(p => p.Frames).Where(f => f.Type == WireFrame.PathChallenge))
            {
                if (answered.Add(Convert.ToHexString(challenge.Data.Span)))
                {
                    scene.Peer.Send(Forge.PathResponse(challenge.Data.Span), Forge.Padding(1_150));
                }
            }
        }
    }
}
