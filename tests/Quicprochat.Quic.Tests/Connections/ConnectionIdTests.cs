using System.Net;
using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Paths;

namespace Quicprochat.Quic.Tests.Connections;

/// <summary>Issuing and retiring ids (RFC 9000 §5.1), against a client that knows no shame.</summary>
public sealed class ConnectionIdTests
{
    [Fact]
    public void Retiring_an_id_that_was_never_announced_is_a_protocol_violation()
    {
        using var forger = new Forger();
        // 1 to 3 were announced; the replacements of these, from 4 on, are drawn in the same breath but have not been sent.
        forger.Send([.. Enumerable.Range(1, 200).Select(i => Frame.RetireConnectionId(i))]);
        forger.ExpectClose(TransportErrorCode.ProtocolViolation); // RFC 9000 §19.16
    }

    [Fact]
    public void The_reset_token_of_an_id_that_was_never_sent_to_ends_nothing()
    {
        using var forger = new Forger();
        forger.Send(Frame.NewConnectionId(9, retirePriorTo: 1, token: Frame.Token(0x99)));
        byte[] reset = new byte[60];
        StatelessReset.Write(reset, Frame.Token(0x99), new TestRandom(1));
        forger.Deliver(forger.Pair.ClientAddress, reset);
        Assert.Null(forger.Server.CloseReason); // RFC 9000 §10.3.1
    }

    [Fact]
    public void A_peer_that_retires_every_id_is_told_so()
    {
        using var forger = new Forger();
        byte[] ninth = Frame.NewConnectionId(9, retirePriorTo: 3);
        forger.Send(ninth, Frame.NewConnectionId(8));
        forger.Take();
        // Each move uses up an id: 9 is retired before 8. Then 9 comes again and retires what is left.
        for (int i = 0; i < 2; i++)
        {
            forger.Deliver(Address.From(new IPEndPoint(IPAddress.Parse("192.0.2.99"), 2_000 + i)), forger.Packet(Frame.Ping, Frame.Padding(1_150)));
            forger.Take();
        }
        Assert.Null(forger.Server.CloseReason);
        forger.Send(Frame.NewConnectionId(9, retirePriorTo: 9));
        forger.ExpectClose(TransportErrorCode.ProtocolViolation);
    }

    [Fact]
    public void No_more_ids_are_issued_than_the_peer_keeps()
    {
        var ids = new LocalConnectionIds();
        ids.Add(ConnectionId.From([1]));
        Assert.Equal(1, ids.Wanted(peerLimit: 2)); // RFC 9000 §5.1.1
        Assert.InRange(ids.Wanted(peerLimit: VarInt.Max), 1, 8);
        ids.Add(ConnectionId.From([2]));
        Assert.Equal(0, ids.Wanted(peerLimit: 2));
    }

    [Fact]
    public void A_retired_id_is_never_taken_up_again_and_retired_once()
    {
        var ids = new PeerConnectionIds(ConnectionId.From([0]));
        NewConnectionIdFrame frame = new(1, 0, ConnectionId.From([1]), Frame.Token(1));
        Assert.Null(ids.Add(frame));
        Assert.Null(ids.Add(frame with { SequenceNumber = 2, RetirePriorTo = 2, ConnectionId = ConnectionId.From([2]) }));
        Assert.Equal(ConnectionId.From([2]), ids.Current);
        for (int i = 0; i < 100; i++)
        {
            Assert.Null(ids.Add(frame)); // RFC 9000 §19.15
        }
        var retired = new HashSet<long>();
        while (ids.TryTakeRetirement(out long sequence))
        {
            Assert.True(retired.Add(sequence));
        }
        Assert.Equal([0, 1], retired.Order());
    }

    [Fact]
    public void A_lost_retirement_is_sent_again()
    {
        var ids = new PeerConnectionIds(ConnectionId.From([0]));
        Assert.Null(ids.Add(new NewConnectionIdFrame(1, 1, ConnectionId.From([1]), Frame.Token(1))));
        Assert.True(ids.TryTakeRetirement(out long sequence));
        Assert.False(ids.HasRetirements);
        ids.OnRetirementLost(sequence);
        Assert.True(ids.HasRetirements); // RFC 9000 §13.3
    }
}
