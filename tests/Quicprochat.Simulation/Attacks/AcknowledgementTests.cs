using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Attacks;

/// <summary>Classes 8 and 9: acknowledgements that lie, and ranges without end.</summary>
public sealed class AcknowledgementTests
{
    private const int MaxRanges = 64;

    [Theory]
    [InlineData((int)EncryptionLevel.Handshake)]
    [InlineData((int)EncryptionLevel.Initial)]
    public void An_ack_of_a_packet_never_sent_in_the_handshake_is_a_protocol_violation(int level)
    {
        byte[] Lie(ScriptedPeer peer, EncryptionLevel at, byte[] bytes)
        {
            if (at == EncryptionLevel.Handshake)
            {
                peer.Send((EncryptionLevel)level, Forge.Ack(1_000, 0));
            }
            return bytes;
        }

        ServerScene.Run(new ServerSceneOptions { Peer = new ScriptedPeerOptions { Rewrite = Lie } }, scene =>
        {
            scene.Peer.Start();
            scene.ExpectClose(TransportErrorCode.ProtocolViolation, WireFrame.Ack); // RFC 9000 §13.1
        });
    }

    [Fact]
    public void An_ack_of_a_packet_never_sent_is_a_protocol_violation() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        scene.Peer.Send(Forge.Ack(1_000_000, 0));
        scene.ExpectClose(TransportErrorCode.ProtocolViolation, WireFrame.Ack); // RFC 9000 §13.1
    });

    [Fact]
    public void An_optimistic_receiver_acknowledges_a_skipped_number_and_is_caught() => ServerScene.Run(
        new ServerSceneOptions
        {
            Serving = () => new FileServer(),
            Transport = new TransportOptions { SendBufferMax = 4 << 20 },
            Peer = new ScriptedPeerOptions { Acknowledges = false },
        },
        scene =>
        {
            // It acknowledges everything up to the largest number it has seen, received or not (CVE-2025-4820): sooner or later that is a number that was never sent.
            scene.Establish();
            scene.Peer.Send(Forge.Numbers(WireFrame.MaxData, 1L << 40), Forge.Numbers(WireFrame.MaxStreamData, 0, 1L << 40), Forge.Stream(0, 0, "GET 100000000"u8, fin: true));
            for (int i = 0; i < 3_000 && scene.Connection.CloseReason is null; i++)
            {
                scene.World.RunFor(SimClock.Millisecond);
                long largest = scene.Peer.Space(EncryptionLevel.Application).LargestReceived;
                scene.Peer.Send(Forge.Ack(largest, largest));
            }
            scene.ExpectClose(TransportErrorCode.ProtocolViolation, WireFrame.Ack); // RFC 9000 §21.4
        });

    [Theory]
    [InlineData(5, 6)]
    [InlineData(0, 1)]
    public void A_first_range_below_packet_number_0_is_a_frame_encoding_error(long largest, long first) => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        scene.Peer.Send(Forge.Ack(largest, first));
        scene.ExpectClose(TransportErrorCode.FrameEncodingError, WireFrame.Ack); // RFC 9000 §19.3.1
    });

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1L << 61, 0)]
    [InlineData(0, 1L << 61)]
    public void A_later_range_below_packet_number_0_is_a_frame_encoding_error(long gap, long length) => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        scene.Peer.Send(Forge.Ack(1, 0, (gap, length)));
        scene.ExpectClose(TransportErrorCode.FrameEncodingError, WireFrame.Ack); // RFC 9000 §19.3.1
    });

    [Fact]
    public void An_ack_that_claims_more_ranges_than_it_has_is_a_frame_encoding_error() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        scene.Peer.Send(Forge.Numbers(WireFrame.Ack, 1, 0, (1L << 62) - 1, 0));
        scene.ExpectClose(TransportErrorCode.FrameEncodingError, WireFrame.Ack);
    });

    [Fact]
    public void Packets_with_gaps_between_leave_a_bounded_number_of_ranges() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        for (int i = 0; i < 2_000; i++)
        {
            // Every second number only.
            scene.Peer.Space(EncryptionLevel.Application).NextPacketNumber++;
            scene.Peer.Send(Forge.Ping());
            scene.World.RunFor(SimClock.Millisecond);
        }
        scene.ExpectAlive();
        Assert.InRange(scene.Peer.ReceivedFrames.Where(f => f.IsAck).Max(f => f.AckRanges.Count), 2, MaxRanges);
    });

    [Fact]
    public void An_ack_of_hundreds_of_ranges_is_borne() => ServerScene.Run(new ServerSceneOptions { Serving = () => new FileServer(), Peer = new ScriptedPeerOptions { Acknowledges = false } }, scene =>
    {
        scene.Establish();
        scene.Peer.Send(Forge.Stream(0, 0, "GET 1000000"u8, fin: true));
        for (int i = 0; i < 300; i++)
        {
            scene.World.RunFor(10 * SimClock.Millisecond);
            // Every second packet that came: as many ranges as fit a datagram.
            long[] odd = [.. scene.Peer.Space(EncryptionLevel.Application).Received.Where(n => n % 2 == 1).TakeLast(400)];
            if (odd.Length > 0)
            {
                scene.Peer.Send(Forge.AckOf(odd));
            }
        }
        scene.ExpectAlive();
    });

    [Fact]
    public void A_packet_of_acknowledgements_alone_is_never_acknowledged() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        ScriptedSpace space = scene.Peer.Space(EncryptionLevel.Application);
        int before = scene.Peer.Datagrams.Count;
        for (int i = 0; i < 20; i++)
        {
            scene.Peer.Send(Forge.AckOf(space.Received));
            scene.World.RunFor(50 * SimClock.Millisecond);
        }
        Assert.Equal(before, scene.Peer.Datagrams.Count); // RFC 9000 §13.2.1
    });
}
