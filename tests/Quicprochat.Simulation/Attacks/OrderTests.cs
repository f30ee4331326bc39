using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Attacks;

/// <summary>Classes 18 and 20: frames, packets and datagrams in an order nobody expects.</summary>
public sealed class OrderTests
{
    [Theory]
    [InlineData((int)EncryptionLevel.Initial)]
    [InlineData((int)EncryptionLevel.Handshake)]
    public void Handshake_done_in_a_long_header_is_a_protocol_violation(int level) => ClientScene.Run(
        new ScriptedPeerOptions { Rewrite = Before(EncryptionLevel.Handshake, peer => peer.Send((EncryptionLevel)level, Forge.HandshakeDone())) },
        scene => scene.ExpectClose(TransportErrorCode.ProtocolViolation, WireFrame.HandshakeDone)); // RFC 9000 §12.4

    [Fact]
    public void Handshake_done_before_the_clients_finished_is_a_protocol_violation()
    {
        // CVE-2025-59530: 1-RTT with HANDSHAKE_DONE overtook the Handshake flight, and the keys it still needed went.
        ScriptedPeerOptions options = new() { Rewrite = Before(EncryptionLevel.Handshake, peer => peer.Send(EncryptionLevel.Application, Forge.HandshakeDone())) };
        ClientScene.Run(options, scene => scene.ExpectClose(TransportErrorCode.ProtocolViolation, WireFrame.HandshakeDone));
    }

    [Fact]
    public void Handshake_packets_after_the_end_of_the_handshake_are_dropped() => ClientScene.Run(scene =>
    {
        scene.Establish();
        scene.Peer.Send(EncryptionLevel.Handshake, Forge.Ping());
        scene.Peer.Send(EncryptionLevel.Initial, Forge.Ping());
        scene.Peer.Send(Forge.HandshakeDone());
        scene.ExpectAlive();
    });

    [Fact]
    public void An_ack_behind_the_crypto_that_completes_the_handshake_is_safe()
    {
        // CVE-2023-46239: the CRYPTO frame ended a packet number space in the middle of the packet.
        byte[] WithAck(ScriptedPeer peer, EncryptionLevel level, byte[] bytes)
        {
            if (level != EncryptionLevel.Handshake)
            {
                return bytes;
            }
            peer.Send(EncryptionLevel.Handshake, Forge.Crypto(0, bytes), Forge.AckOf(peer.Space(EncryptionLevel.Handshake).Received), Forge.Ping());
            peer.Space(EncryptionLevel.Handshake).CryptoSent += bytes.Length;
            return [];
        }

        ServerScene.Run(new ServerSceneOptions { Peer = new ScriptedPeerOptions { Rewrite = WithAck } }, scene =>
        {
            scene.Establish();
            scene.ExpectAlive();
        });
    }

    [Fact]
    public void One_rtt_packets_before_the_clients_finished_are_not_answered()
    {
        byte[] Early(ScriptedPeer peer, EncryptionLevel level, byte[] bytes)
        {
            if (level == EncryptionLevel.Handshake)
            {
                // It has its keys, but the server must not process 1-RTT before the handshake is complete (RFC 9001 §5.7).
                peer.Send(EncryptionLevel.Application, Forge.Stream(0, 0, "early"u8, fin: true));
                return [];
            }
            return bytes;
        }

        ServerScene.Run(new ServerSceneOptions { Peer = new ScriptedPeerOptions { Rewrite = Early } }, scene =>
        {
            scene.Peer.Start();
            scene.World.RunFor(SimClock.Second);
            Assert.DoesNotContain(scene.Peer.ReceivedFrames, f => f.IsStream);
            Assert.DoesNotContain(scene.Peer.Received, p => p.Kind == WirePacketKind.OneRtt && p.Frames.Any(f => f.IsAck));
        });
    }

    [Fact]
    public void Every_frame_is_borne_twice() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        byte[][] frames =
        [
            Forge.Ping(), Forge.Padding(3), Forge.Stream(0, 0, "hello"u8, fin: true), Forge.Numbers(WireFrame.MaxData, 1 << 20), Forge.Numbers(WireFrame.MaxStreamData, 0, 1 << 20),
            Forge.Numbers(WireFrame.MaxStreamsBidi, 100), Forge.Numbers(WireFrame.MaxStreamsUni, 100), Forge.Numbers(WireFrame.DataBlocked, 5), Forge.Numbers(WireFrame.StreamDataBlocked, 0, 5),
            Forge.Numbers(WireFrame.StreamsBlockedBidi, 5), Forge.Numbers(WireFrame.StreamsBlockedUni, 5), Forge.NewConnectionId(1, 0, [1, 2, 3, 4, 5, 6, 7, 8], new byte[16]),
            Forge.PathChallenge(7), Forge.PathResponse([1, 2, 3, 4, 5, 6, 7, 8]), Forge.StopSending(4, 1), Forge.ResetStream(4, 1, 0), [0x31, 0x01, 0xff],
        ];
        foreach (byte[] frame in (byte[][])[.. frames, .. frames.Reverse()])
        {
            scene.Peer.Send(frame);
            scene.World.RunFor(5 * SimClock.Millisecond);
        }
        scene.ExpectAlive();
    });

    [Fact]
    public void A_repeated_packet_is_processed_once() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        byte[] packet = scene.Peer.BuildPacket(EncryptionLevel.Application, new PacketForgery(), [0x31, 0x01, 0x42]);
        for (int i = 0; i < 10; i++)
        {
            scene.Peer.SendDatagram(packet);
        }
        scene.ExpectAlive();
        Assert.Single(scene.Peer.ReceivedFrames, f => f.Type is WireFrame.Datagram or WireFrame.DatagramWithLength); // RFC 9000 §12.3
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(20)]
    public void Datagrams_of_almost_nothing_are_dropped(int size) => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        int before = scene.Peer.Datagrams.Count;
        foreach (byte first in new byte[] { 0x00, 0x40, 0x80, 0xc0, 0xff })
        {
            byte[] datagram = new byte[size];
            datagram.AsSpan().Fill(first);
            scene.Peer.SendDatagram(datagram);
        }
        scene.World.RunFor(200 * SimClock.Millisecond);
        Assert.Equal(before, scene.Peer.Datagrams.Count);
        scene.ExpectAlive();
    });

    private static Func<ScriptedPeer, EncryptionLevel, byte[], byte[]> Before(EncryptionLevel when, Action<ScriptedPeer> act) => (peer, level, bytes) =>
    {
        if (level == when)
        {
            act(peer);
        }
        return bytes;
    };
}
