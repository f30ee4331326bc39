using System.Net;
using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Attacks;

/// <summary>Class 1: a server as an amplifier (RFC 9000 §8.1). See also the interop case amplificationlimit.</summary>
public sealed class AmplificationTests
{
    private static readonly ServerSceneOptions _longChain = new() { Tls = tls => tls with { Credential = SimTls.LongServerCredential } };

    [Fact]
    public void A_client_that_falls_silent_gets_at_most_three_times_its_bytes_and_no_probes() => ServerScene.Run(
        _longChain with { Peer = Mute() },
        scene =>
        {
            scene.Peer.Start();
            scene.World.RunFor(500 * SimClock.Millisecond);
            long afterFirstFlight = Received(scene);
            long sent = Sent(scene);

            Assert.InRange(afterFirstFlight, sent, 3 * sent);
            // Blocked, its probe timer is not armed: the next thing it waits for is the end of the handshake's patience.
            Assert.True(scene.Server.NextTimeout - scene.World.Now > 5 * SimClock.Second, "The blocked server has a timer that can do nothing.");
            scene.World.RunFor(5 * SimClock.Second);
            Assert.Equal(afterFirstFlight, Received(scene));
        });

    [Fact]
    public void More_bytes_from_the_client_let_the_server_go_on() => ServerScene.Run(_longChain with { Peer = Mute() }, scene =>
    {
        scene.Peer.Start();
        scene.World.RunFor(500 * SimClock.Millisecond);
        long before = Received(scene);

        // A datagram that fails to decrypt counts as well as one that does not.
        byte[] broken = scene.Peer.BuildPacket(EncryptionLevel.Initial, new PacketForgery(), Forge.Ping());
        broken[^1] ^= 1;
        scene.Peer.SendDatagram(broken);
        scene.World.RunFor(500 * SimClock.Millisecond);

        Assert.True(Received(scene) > before, "The server did not use what it was allowed.");
        Assert.True(Received(scene) <= 3 * Sent(scene));
    });

    [Theory]
    [InlineData(1_199)]
    [InlineData(300)]
    public void An_initial_in_a_datagram_below_1200_bytes_is_not_answered(int size) => ServerScene.Run(new ServerSceneOptions { Peer = Mute() }, scene =>
    {
        // A good Initial of 1,200 bytes is cut to a good one of fewer: header, CRYPTO, tag.
        var source = ConnectionId.Draw(scene.Peer.Random, 8);
        var destination = ConnectionId.Draw(scene.Peer.Random, 8);
        byte[] datagram = SmallInitial(destination, source, size);
        scene.Peer.SendDatagram(datagram);
        scene.World.RunFor(SimClock.Second);

        Assert.Empty(scene.Peer.Datagrams);
        Assert.Equal(1, scene.Server.Endpoint.ConnectionCount);
    });

    [Fact]
    public void A_new_address_gets_at_most_three_times_its_bytes_until_it_has_answered() => ServerScene.Run(
        new ServerSceneOptions { Serving = () => new FileServer(), Peer = new ScriptedPeerOptions { Acknowledges = false } },
        scene =>
        {
            scene.Establish();
            Address before = scene.Peer.Address;
            Address elsewhere = Address.From(IPAddress.Parse("192.0.2.99"), 9_999);
            scene.Peer.MoveTo(elsewhere);
            scene.Peer.Send(Forge.Stream(0, 0, "GET 200000"u8, fin: true));
            scene.World.RunFor(2 * SimClock.Second);

            long sent = scene.Packets.Where(p => p.SentFrom == elsewhere).Select(p => p.Datagram).Distinct().Sum(d => d.Length);
            long received = scene.Packets.Where(p => p.SentTo == elsewhere).Select(p => p.Datagram).Distinct().Sum(d => d.Length);
            Assert.InRange(received, 1, 3 * sent);
            Assert.NotEqual(before, elsewhere);
        });

    private static ScriptedPeerOptions Mute() => new() { RunsHandshake = false, Acknowledges = false };

    private static long Sent(ServerScene scene) => Datagrams(scene, d => d.Source == scene.Peer.Address);

    private static long Received(ServerScene scene) => Datagrams(scene, d => d.Destination == scene.Peer.Address);

    private static long Datagrams(ServerScene scene, Func<SimDatagram, bool> which) =>
        scene.Packets.Select(p => p.Datagram).Distinct().Where(which).Sum(d => d.Length);

    private static byte[] SmallInitial(ConnectionId destination, ConnectionId source, int size)
    {
        KeySchedule.DeriveInitial(Crypto.CryptoProvider.Native, destination, Side.Client, out ProtectionKeys send, out _);
        byte[] buffer = new byte[size];
        var writer = new Writer(buffer);
        PacketLayout layout = new LongHeader { Type = LongPacketType.Initial, Destination = destination, Source = source }.Write(ref writer, 0, 4);
        Forge.Ping().CopyTo(buffer, writer.Position);
        PacketProtection.Seal(buffer, layout, size - PacketProtection.TagSize, send.Packet, send.Header);
        return buffer;
    }
}
