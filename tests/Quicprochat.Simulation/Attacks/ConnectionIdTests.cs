using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Attacks;

/// <summary>Class 7: what a peer may do with connection ids, and what it cannot make the server remember.</summary>
public sealed class ConnectionIdTests
{
    [Fact]
    public void More_ids_than_the_limit_are_a_connection_id_limit_error() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        for (int sequence = 1; sequence <= 64 && scene.Peer.Close is null; sequence++)
        {
            scene.Peer.Send(New(sequence, 0));
            scene.World.RunFor(SimClock.Millisecond);
        }
        scene.ExpectClose(TransportErrorCode.ConnectionIdLimitError, WireFrame.NewConnectionId); // RFC 9000 §5.1.1
    });

    [Fact]
    public void A_flood_of_retired_ids_ends_the_connection_or_stays_bounded() => ServerScene.Run(
        new ServerSceneOptions { Peer = new ScriptedPeerOptions { Acknowledges = false } },
        scene =>
        {
            // Each id retires the ones before; the peer never acknowledges the RETIRE_CONNECTION_IDs, so they queue up (CVE-2024-22189).
            scene.Establish();
            for (int sequence = 1; sequence <= 5_000 && scene.Connection.CloseReason is null; sequence++)
            {
                scene.Peer.Send(New(sequence, sequence));
                if (sequence % 10 == 0)
                {
                    scene.World.RunFor(SimClock.Millisecond);
                }
            }
            scene.ExpectClose(TransportErrorCode.ConnectionIdLimitError, WireFrame.NewConnectionId); // RFC 9000 §5.1.2
        });

    [Fact]
    public void A_flood_of_ids_that_are_already_retired_ends_the_connection_or_stays_bounded() => ServerScene.Run(
        new ServerSceneOptions { Peer = new ScriptedPeerOptions { Acknowledges = false } },
        scene =>
        {
            // The way round the bound above: ids below Retire Prior To are retired at once (RUSTSEC-2026-0339).
            scene.Establish();
            scene.Peer.Send(New(10_000, 10_000));
            scene.World.RunFor(20 * SimClock.Millisecond);
            for (int sequence = 1; sequence <= 5_000 && scene.Connection.CloseReason is null; sequence++)
            {
                scene.Peer.Send(New(sequence, 0));
                if (sequence % 10 == 0)
                {
                    scene.World.RunFor(SimClock.Millisecond);
                }
            }
            scene.ExpectClose(TransportErrorCode.ConnectionIdLimitError, WireFrame.NewConnectionId); // RFC 9000 §5.1.2
        });

    [Fact]
    public void The_same_id_again_and_again_is_retired_once() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        // CVE-2026-107494: a RETIRE_CONNECTION_ID was queued for every retransmission.
        scene.Establish();
        scene.Peer.Send(New(1, 1));
        for (int i = 0; i < 200; i++)
        {
            scene.Peer.Send(New(1, 1));
            scene.World.RunFor(SimClock.Millisecond);
        }
        scene.ExpectAlive();
        Assert.Equal([0L], scene.Peer.ReceivedFrames.Where(f => f.Type == WireFrame.RetireConnectionId).Select(f => f.Value).Distinct());
        Assert.InRange(scene.Peer.ReceivedFrames.Count(f => f.Type == WireFrame.RetireConnectionId), 1, 5);
    });

    [Fact]
    public void The_same_sequence_number_with_another_id_is_a_protocol_violation() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        scene.Peer.Send(New(1, 0), Forge.NewConnectionId(1, 0, [8, 7, 6, 5, 4, 3, 2, 1], new byte[16]));
        scene.ExpectClose(TransportErrorCode.ProtocolViolation, WireFrame.NewConnectionId); // RFC 9000 §19.15
    });

    [Fact]
    public void The_same_id_with_another_sequence_number_is_a_protocol_violation() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        byte[] id = [8, 7, 6, 5, 4, 3, 2, 1];
        scene.Peer.Send(Forge.NewConnectionId(1, 0, id, new byte[16]), Forge.NewConnectionId(2, 0, id, new byte[16]));
        scene.ExpectClose(TransportErrorCode.ProtocolViolation, WireFrame.NewConnectionId); // RFC 9000 §19.15
    });

    [Fact]
    public void Retiring_an_id_that_was_never_issued_is_a_protocol_violation() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        scene.Peer.Send(Forge.Numbers(WireFrame.RetireConnectionId, 1_000));
        scene.ExpectClose(TransportErrorCode.ProtocolViolation, WireFrame.RetireConnectionId); // RFC 9000 §19.16
    });

    [Fact]
    public void Retiring_the_id_the_packet_came_by_is_a_protocol_violation() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        scene.Peer.Send(Forge.Numbers(WireFrame.RetireConnectionId, 0));
        scene.ExpectClose(TransportErrorCode.ProtocolViolation, WireFrame.RetireConnectionId); // RFC 9000 §19.16
    });

    [Fact]
    public void A_retired_id_is_replaced_and_the_new_one_works() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        scene.Establish();
        WireFrame[] issued = [.. scene.Peer.ReceivedFrames.Where(f => f.Type == WireFrame.NewConnectionId).DistinctBy(f => f.Value)];
        // The limit announced is 4: the handshake's id and three more (RFC 9000 §5.1.1).
        Assert.Equal([1L, 2L, 3L], issued.Select(f => f.Value).Order());
        Assert.Equal(3, issued.Select(f => Convert.ToHexString(f.ResetToken.Span)).Distinct().Count());

        scene.Peer.PeerId = ConnectionId.From(issued.Single(f => f.Value == 1).Data.Span);
        scene.Peer.Send(Forge.Numbers(WireFrame.RetireConnectionId, 0));
        scene.World.RunFor(200 * SimClock.Millisecond);

        Assert.Contains(scene.Peer.ReceivedFrames, f => f is { Type: WireFrame.NewConnectionId, Value: 4 });
        scene.ExpectAlive();
    });

    /// <summary>An id of its own for each sequence number.</summary>
    private static byte[] New(long sequence, long retirePriorTo)
    {
        byte[] id = [0xaa, 0, 0, 0, .. BitConverter.GetBytes((int)sequence)];
        return Forge.NewConnectionId(sequence, retirePriorTo, id, [.. id, .. id]);
    }
}
