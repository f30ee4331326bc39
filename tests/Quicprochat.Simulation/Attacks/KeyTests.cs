using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Attacks;

/// <summary>Classes 15 and 16: key updates and when keys go. The AEAD limits of 2^23 packets and more are out of reach here: AeadLimits has unit tests.</summary>
public sealed class KeyTests
{
    [Fact]
    public void A_key_update_of_the_peer_is_followed() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        for (int i = 1; i <= 3; i++)
        {
            scene.Peer.UpdateKeys();
            scene.Peer.Send(Forge.Ping());
            // Three probe timeouts apart, so that the old keys are gone at the other end.
            scene.ExpectAlive();
            Assert.Equal(i, scene.Connection.Statistics.KeyUpdates);
        }
    });

    [Fact]
    public void A_packet_of_the_old_phase_that_comes_late_is_read() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        byte[] late = scene.Peer.BuildPacket(EncryptionLevel.Application, new PacketForgery(), Forge.Stream(0, 0, "late"u8, fin: true));
        scene.Peer.UpdateKeys();
        scene.Peer.Send(Forge.Ping());
        scene.World.RunFor(15 * SimClock.Millisecond);
        scene.Peer.SendDatagram(late);
        scene.ExpectAlive(); // RFC 9001 §6.3
        Assert.Contains(scene.Peer.ReceivedFrames, f => f.IsStream && f.StreamId == 0);
    });

    [Fact]
    public void Old_keys_for_a_later_packet_are_not_accepted() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        long next = scene.Peer.Space(EncryptionLevel.Application).NextPacketNumber;
        byte[] late = scene.Peer.BuildPacket(EncryptionLevel.Application, new PacketForgery { PacketNumber = next + 1 }, Forge.Ping());
        scene.Peer.UpdateKeys();
        scene.Peer.SendForged(EncryptionLevel.Application, new PacketForgery { PacketNumber = next }, Forge.Ping());
        scene.Peer.SendDatagram(late);
        scene.World.RunFor(500 * SimClock.Millisecond);
        // Found out (RFC 9001 §6.4), or taken for a packet of the next phase, which it does not open in (RFC 9001 §6.5).
        Assert.DoesNotContain(scene.Peer.ReceivedFrames, f => f.IsAck && f.Acknowledges(next + 1));
        Assert.True(scene.Connection.CloseReason is null or { Code: (long)TransportErrorCode.KeyUpdateError });
    });

    [Fact]
    public void A_second_update_before_the_first_is_acknowledged_is_a_key_update_error() => ServerScene.Run(
        new ServerSceneOptions { Peer = new ScriptedPeerOptions { Acknowledges = false } },
        scene =>
        {
            scene.Establish();
            scene.Peer.UpdateKeys();
            scene.Peer.Send(Forge.Ping());
            scene.Peer.UpdateKeys();
            scene.Peer.Send(Forge.Ping());
            scene.ExpectClose(TransportErrorCode.KeyUpdateError); // RFC 9001 §6.2
        });

    [Fact]
    public void A_forged_key_phase_bit_changes_nothing() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        for (int i = 0; i < 20; i++)
        {
            byte[] forged = scene.Peer.BuildPacket(EncryptionLevel.Application, new PacketForgery(), Forge.Ping());
            forged[0] ^= 0x04;
            scene.Peer.SendDatagram(forged);
        }
        scene.ExpectAlive();
        Assert.Equal(0, scene.Connection.Statistics.KeyUpdates);
    });

    [Fact]
    public void Initial_and_handshake_keys_go_when_they_must() => SimPair.Run(1, new Scenario { ServerTls = tls => tls with { Credential = SimTls.LongServerCredential } }, pair =>
    {
        pair.Download(30 * SimClock.Second, 10_000);
        pair.Drain();

        // RFC 9001 §4.9.1: a client sends no Initial after its first Handshake packet, a server none after the first it received.
        long firstHandshake = pair.Observer.From(Side.Client).First(p => p.Kind == WirePacketKind.Handshake).Time;
        Assert.DoesNotContain(pair.Observer.From(Side.Client), p => p.Kind == WirePacketKind.Initial && p.Time > firstHandshake);
        Assert.DoesNotContain(pair.Observer.From(Side.Server), p => p.Kind == WirePacketKind.Initial && p.Time > firstHandshake + pair.Scenario.Delay + SimClock.Millisecond);
        // RFC 9001 §4.9.2: no Handshake packet once the handshake is confirmed.
        WirePacket done = pair.Observer.From(Side.Server).First(p => p.Has(WireFrame.HandshakeDone));
        Assert.DoesNotContain(pair.Observer.From(Side.Server).SkipWhile(p => p != done), p => p.Kind == WirePacketKind.Handshake);
    });
}
