using System.Buffers.Binary;
using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Attacks;

/// <summary>The interop case versionnegotiation, at both ends, and what forged Version Negotiation packets must not do (RFC 9000 §6, RFC 8999 §6).</summary>
public sealed class VersionNegotiationTests
{
    private const uint V1 = 1;
    private const uint Unknown = 0x1a2a_3a4a;

    [Fact]
    public void A_server_answers_an_unknown_version_with_the_ids_swapped_and_the_version_it_speaks() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        byte[] destination = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25];
        byte[] source = [9, 8, 7];
        scene.Peer.SendDatagram(LongPacket(Unknown, destination, source, 1_200));
        scene.World.RunFor(SimClock.Second);

        byte[] answer = Assert.Single(scene.Peer.Datagrams);
        Assert.True((answer[0] & 0x80) != 0);
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(1)));
        byte[] ids = [(byte)source.Length, .. source, (byte)destination.Length, .. destination];
        Assert.Equal(ids, answer[5..(5 + ids.Length)]);
        Assert.Contains(V1, Versions(answer, 5 + ids.Length));
        Assert.DoesNotContain(Unknown, Versions(answer, 5 + ids.Length));
        Assert.Equal(1, scene.Server.Endpoint.ConnectionCount);
    });

    [Fact]
    public void A_server_does_not_answer_a_small_datagram_of_an_unknown_version() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Peer.SendDatagram(LongPacket(Unknown, new byte[8], new byte[8], 1_199));
        scene.World.RunFor(SimClock.Second);

        Assert.Empty(scene.Peer.Datagrams); // RFC 9000 §6.1, §14.1
    });

    [Fact]
    public void A_server_does_not_answer_version_negotiation() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Peer.SendDatagram(LongPacket(0, new byte[8], new byte[8], 1_200));
        scene.World.RunFor(SimClock.Second);

        Assert.Empty(scene.Peer.Datagrams); // RFC 9000 §6.1
    });

    [Fact]
    public void A_client_gives_up_where_no_version_is_shared() => ClientScene.Run(Answering(Unknown, 0x6b33_43cf), scene =>
    {
        Assert.True(scene.World.RunUntil(() => scene.Connection.CloseReason is not null, SimClock.Second));
        Assert.Equal(CloseKind.VersionNegotiation, scene.Connection.CloseReason!.Kind);
        // It is not answered: nothing but the first flight was sent.
        Assert.DoesNotContain(scene.Packets, p => p.Frames.Any(f => f.IsClose));
    });

    [Fact]
    public void A_client_drops_version_negotiation_that_lists_its_version() => ClientScene.Run(Answering(Unknown, V1), scene => scene.Establish()); // RFC 9000 §6.2

    [Fact]
    public void A_client_drops_version_negotiation_for_another_connection() => ClientScene.Run(
        new ScriptedPeerOptions
        {
            FirstInitial = (peer, initial) =>
            {
                peer.SendDatagram(VersionNegotiation(initial, [0xff, 1, 2, 3, 4, 5, 6, 7], Unknown));
                return false;
            },
        },
        scene => scene.Establish()); // RFC 9000 §6.2 by RFC 8999 §6: the ids must match

    [Fact]
    public void A_client_drops_version_negotiation_after_a_packet_it_could_open() => ClientScene.Run(scene =>
    {
        scene.Establish();
        var initial = new LongHeaderSummary(scene.Peer.OriginalDestination, scene.Peer.PeerId, default);
        scene.Peer.SendDatagram(VersionNegotiation(initial, Bytes(initial.Destination), Unknown));
        scene.ExpectAlive(); // RFC 9000 §6.2
    });

    private static ScriptedPeerOptions Answering(params uint[] versions)
    {
        bool answered = false;
        return new ScriptedPeerOptions
        {
            FirstInitial = (peer, initial) =>
            {
                if (!answered)
                {
                    peer.SendDatagram(VersionNegotiation(initial, Bytes(initial.Destination), versions));
                }
                (bool already, answered) = (answered, true);
                return !already;
            },
        };
    }

    private static byte[] VersionNegotiation(LongHeaderSummary initial, byte[] source, params uint[] versions)
    {
        byte[] destination = Bytes(initial.Source);
        var packet = new List<byte> { 0xc0, 0, 0, 0, 0, (byte)destination.Length };
        packet.AddRange(destination);
        packet.Add((byte)source.Length);
        packet.AddRange(source);
        Span<byte> bytes = stackalloc byte[4];
        foreach (uint version in versions)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, version);
            packet.AddRange(bytes);
        }
        return [.. packet];
    }

    private static byte[] LongPacket(uint version, byte[] destination, byte[] source, int size)
    {
        byte[] packet = new byte[size];
        packet[0] = 0xc3;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(1), version);
        byte[] ids = [(byte)destination.Length, .. destination, (byte)source.Length, .. source];
        ids.CopyTo(packet, 5);
        return packet;
    }

    private static byte[] Bytes(ConnectionId id)
    {
        byte[] bytes = new byte[id.Length];
        id.CopyTo(bytes);
        return bytes;
    }

    private static List<uint> Versions(byte[] packet, int offset)
    {
        var versions = new List<uint>();
        for (; offset < packet.Length; offset += 4)
        {
            versions.Add(BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(offset)));
        }
        return versions;
    }
}
