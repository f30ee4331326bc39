using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Attacks;

/// <summary>Classes 3, 4, 5, 6 and 10: buffers and queues that a peer fills.</summary>
[Collection(MemoryCollection.Name)]
public sealed class MemoryTests
{
    private const int Megabyte = 1 << 20;

    /// <summary>Room for what the test itself keeps of datagrams.</summary>
    private const long Slack = 8L * Megabyte;

    [Fact]
    public void Crypto_data_far_ahead_exceeds_the_crypto_buffer() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        for (long offset = 1; offset < 4 * Megabyte && scene.Connection.CloseReason is null; offset += 1_000)
        {
            // Never byte 0, so none of it can be read.
            scene.Peer.Send(Forge.Crypto(offset, new byte[1_000]));
            scene.World.RunFor(SimClock.Millisecond);
        }
        scene.ExpectClose(TransportErrorCode.CryptoBufferExceeded, WireFrame.Crypto); // RFC 9000 §7.5
    });

    [Fact]
    public void A_single_crypto_frame_far_ahead_exceeds_the_crypto_buffer() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        scene.Peer.Send(Forge.Crypto(10 * Megabyte, [1]));
        scene.ExpectClose(TransportErrorCode.CryptoBufferExceeded, WireFrame.Crypto); // RFC 9000 §7.5
    });

    [Fact]
    public void A_tls_message_announced_longer_than_64_kib_is_refused_by_a_client() => ClientScene.Run(scene =>
    {
        // NewSessionTicket of 16 MiB (CVE-2023-39322).
        scene.Establish();
        scene.Peer.SendCrypto(EncryptionLevel.Application, [4, 0xff, 0xff, 0xff, 1, 2, 3]);
        scene.ExpectClose(TransportErrorCode.CryptoBufferExceeded);
    });

    [Fact]
    public void An_incomplete_tls_message_after_the_handshake_is_borne_by_a_client() => ClientScene.Run(scene =>
    {
        // CVE-2023-39321: a partial message after the handshake panicked.
        scene.Establish();
        scene.Peer.SendCrypto(EncryptionLevel.Application, [4, 0, 1]);
        scene.ExpectAlive();
    });

    [Fact]
    public void One_byte_with_a_gap_after_each_costs_no_more_than_a_few_windows()
    {
        // CVE-2026-25800: frames of one byte pinned three gigabytes.
        var limits = new TransportOptions { StreamWindow = Megabyte, StreamWindowMax = Megabyte, ConnectionWindow = Megabyte, ConnectionWindowMax = Megabyte };
        ServerScene.Run(new ServerSceneOptions { Transport = limits, Observes = false, Peer = new ScriptedPeerOptions { Acknowledges = false } }, scene =>
        {
            scene.Establish();
            long before = MemoryCollection.Used();
            byte[][] frames = new byte[150][];
            for (int offset = 1; offset < Megabyte - 400 && scene.Connection.CloseReason is null; offset += 2 * frames.Length)
            {
                for (int i = 0; i < frames.Length; i++)
                {
                    frames[i] = Forge.Stream(0, offset + (2 * i), [0xee]);
                }
                scene.Peer.Send(frames);
                if (offset % 3_000 == 1)
                {
                    scene.World.RunFor(20 * SimClock.Millisecond);
                }
            }
            scene.World.RunFor(50 * SimClock.Millisecond);
            long used = MemoryCollection.Used() - before;

            Assert.True(used < (4 * Megabyte) + Slack, $"{used} bytes are held for a window of {Megabyte}.");
        });
    }

    [Fact]
    public void A_flood_of_path_challenges_is_answered_a_few_at_a_time() => ServerScene.Run(
        new ServerSceneOptions { Peer = new ScriptedPeerOptions { Acknowledges = false } },
        scene =>
        {
            // CVE-2023-49295: the responses queued up without bound while the congestion window was full.
            scene.Establish();
            int datagrams = 0;
            for (ulong i = 0; i < 200; i++)
            {
                byte[][] challenges = [.. Enumerable.Range(0, 100).Select(n => Forge.PathChallenge((i * 100) + (ulong)n))];
                scene.Peer.Send(challenges);
                datagrams++;
                scene.World.RunFor(SimClock.Millisecond);
            }
            scene.World.RunFor(SimClock.Second);

            int responses = scene.Peer.ReceivedFrames.Count(f => f.Type == WireFrame.PathResponse);
            Assert.InRange(responses, 1, 8 * datagrams);
            Assert.All(
                scene.Peer.Received.Where(p => p.Has(WireFrame.PathResponse)),
                p => Assert.True(p.Datagram.Length >= 1_200, "A datagram with PATH_RESPONSE is expanded (RFC 9000 §8.2.2)."));
        });

    [Fact]
    public void Streams_opened_and_reset_at_once_give_no_credit_before_the_application_is_done_with_them()
    {
        // Rapid reset, as in CVE-2023-44487: an application that releases nothing never owes more than its limit.
        var limits = new TransportOptions { MaxInboundBidirectionalStreams = 10 };
        ServerScene.Run(new ServerSceneOptions { Transport = limits, Serving = () => new IdleApplication() }, scene =>
        {
            scene.Establish();
            for (long i = 0; i < 10; i++)
            {
                scene.Peer.Send(Forge.Stream(4 * i, 0, [1]), Forge.ResetStream(4 * i, 1, 1), Forge.StopSending(4 * i, 1));
                scene.World.RunFor(5 * SimClock.Millisecond);
            }
            scene.ExpectAlive();
            Assert.DoesNotContain(scene.Peer.ReceivedFrames, f => f.Type == WireFrame.MaxStreamsBidi);

            scene.Peer.Send(Forge.Stream(40, 0, [1]));
            scene.ExpectClose(TransportErrorCode.StreamLimitError, WireFrame.Stream + 6); // RFC 9000 §4.6
        });
    }

    [Fact]
    public void Streams_opened_and_reset_for_ever_leave_nothing_behind()
    {
        var limits = new TransportOptions { MaxInboundBidirectionalStreams = 10 };
        ServerScene.Run(new ServerSceneOptions { Transport = limits }, scene =>
        {
            scene.Establish();
            long limit = 10;
            long opened = 0;
            for (int round = 0; round < 500; round++)
            {
                for (; opened < limit; opened++)
                {
                    scene.Peer.Send(Forge.Stream(4 * opened, 0, [1]), Forge.ResetStream(4 * opened, 1, 1));
                }
                scene.World.RunFor(30 * SimClock.Millisecond);
                limit = scene.Peer.ReceivedFrames.Where(f => f.Type == WireFrame.MaxStreamsBidi).Select(f => f.Value).DefaultIfEmpty(limit).Max();
            }
            scene.ExpectAlive();
            Assert.True(opened > 1_000, $"Only {opened} streams could be opened: credit does not come back.");
            Assert.True(limit - opened <= 10, "The limit runs ahead of what was closed.");
        });
    }

    [Fact]
    public void Received_datagrams_nobody_takes_do_not_pile_up()
    {
        var limits = new TransportOptions { DatagramQueueLength = 16 };
        ServerScene.Run(new ServerSceneOptions { Transport = limits, Serving = () => new IdleApplication() }, scene =>
        {
            scene.Establish();
            for (byte i = 0; i < 100; i++)
            {
                scene.Peer.Send([0x31, 0x02, i, i]);
                scene.World.RunFor(SimClock.Millisecond);
            }
            scene.ExpectAlive();
            var taken = new List<byte>();
            byte[] buffer = new byte[100];
            while (scene.Connection.TryTakeDatagram(buffer, out int count))
            {
                Assert.Equal(2, count);
                taken.Add(buffer[0]);
            }
            Assert.Equal(Enumerable.Range(84, 16).Select(i => (byte)i), taken); // RFC 9221 §5: the oldest went
        });
    }

    [Fact]
    public void Packets_of_other_connections_in_a_datagram_are_dropped() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        // QUIC-LEAK, CVE-2025-54939: the rest of such a datagram was kept for ever.
        byte[] Coalesce(ScriptedPeer peer) => peer.BuildPacket(
            EncryptionLevel.Initial, new PacketForgery { Destination = ConnectionId.Draw(peer.Random, 8) }, Forge.Ping());

        scene.Establish();
        long before = MemoryCollection.Used();
        for (int i = 0; i < 2_000; i++)
        {
            byte[] ping = scene.Peer.BuildPacket(EncryptionLevel.Handshake, new PacketForgery(), Forge.Ping());
            scene.Server.Endpoint.HandleDatagram(scene.World.Now, new NetworkPath(scene.Server.Address, scene.Peer.Address), Ecn.NotEct, (byte[])[.. ping, .. Coalesce(scene.Peer)]);
        }
        Assert.Equal(2, scene.Server.Endpoint.ConnectionCount);
        Assert.True(MemoryCollection.Used() - before < Slack);
        scene.ExpectAlive();
    });
}
