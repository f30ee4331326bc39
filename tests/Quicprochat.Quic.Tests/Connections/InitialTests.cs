using System.Net;
using Quicprochat.Crypto;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Connections;

/// <summary>Initial packets, whose keys everybody knows, and what they can make an endpoint do (RFC 9000 §7.2, §14.1, §17.2.2, §17.2.5).</summary>
public sealed class InitialTests
{
    private static readonly ConnectionId _destination = ConnectionId.From([1, 2, 3, 4, 5, 6, 7, 8]);
    private static readonly ConnectionId _source = ConnectionId.From([9, 9, 9, 9]);
    private static readonly ConnectionId _otherSource = ConnectionId.From([6, 6, 6, 6]);

    [Fact]
    public void A_server_drops_an_initial_with_another_source_id()
    {
        var pair = new Pair();
        Deliver(pair, Initials.Write(Side.Client, _destination, _destination, _source, 0, Frame.Ping));
        Assert.Equal(1, pair.Server.ConnectionCount);
        Drain(pair);
        Deliver(pair, Initials.Write(Side.Client, _destination, _destination, _otherSource, 1, Frame.Ping));
        Assert.Equal(0, Drain(pair)); // RFC 9000 §7.2: dropped, so not acknowledged either
        Deliver(pair, Initials.Write(Side.Client, _destination, _destination, _source, 2, Frame.Ping));
        Assert.NotEqual(0, Drain(pair));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_first_destination_id_below_8_bytes_is_dropped(int length)
    {
        var pair = new Pair();
        ConnectionId destination = ConnectionId.From(new byte[length]);
        Deliver(pair, Initials.Write(Side.Client, destination, destination, _source, 0, Frame.Ping));
        Assert.Equal(0, pair.Server.ConnectionCount); // RFC 9000 §7.2
        Assert.Equal(0, Drain(pair));
    }

    [Fact]
    public void An_initial_that_does_not_open_leaves_nothing_behind()
    {
        var pair = new Pair();
        byte[] forged = Initials.Write(Side.Client, _destination, _destination, _source, 0, Frame.Ping);
        forged[^1] ^= 1;
        Deliver(pair, forged);
        Assert.Equal(0, pair.Server.ConnectionCount);
        Assert.Equal(0, Drain(pair));
        Deliver(pair, Initials.Write(Side.Client, _destination, _destination, _source, 0, Frame.Ping));
        Assert.Equal(1, pair.Server.ConnectionCount);
    }

    [Fact]
    public void Connections_that_end_at_their_first_packet_count_as_pending_until_they_are_forgotten()
    {
        // Spoofed Initials with a message that is no ClientHello: each ends its connection at once, and is kept while it closes.
        const int Limit = 16;
        var pair = new Pair(new EndpointOptions { MaxPendingHandshakes = Limit, Retry = RetryPolicy.Never });
        var random = new TestRandom(1);
        for (int i = 0; i < 20 * Limit; i++)
        {
            ConnectionId destination = ConnectionId.Draw(random, 8);
            byte[] datagram = Initials.Write(Side.Client, destination, destination, _source, 0, Frame.Crypto(0, [0xff, 0, 0, 0]));
            pair.Server.HandleDatagram(pair.Now, new NetworkPath(pair.ServerAddress, Spoofed(i)), Ecn.NotEct, datagram);
            Drain(pair);
        }
        Assert.InRange(pair.Server.ConnectionCount, 0, Limit);
    }

    [Fact]
    public void A_late_copy_of_the_first_initial_makes_no_second_connection()
    {
        var pair = new Pair();
        List<byte[]> initials = [];
        pair.Filter = (toServer, bytes) =>
        {
            if (toServer && initials.Count < 2)
            {
                initials.Add([.. bytes]);
            }
            return bytes;
        };
        Connection client = pair.Connect();
        pair.Run(() => client.IsConfirmed);
        foreach (byte[] copy in initials)
        {
            Deliver(pair, copy);
        }
        // The network had a second copy of each, a round trip late.
        Assert.Equal(1, pair.Server.ConnectionCount);
    }

    [Fact]
    public void A_client_drops_an_initial_with_a_token()
    {
        var pair = new Pair { Filter = static (_, _) => null };
        (Connection client, ConnectionId keysOf, ConnectionId clientId) = Dial(pair);
        byte[] initial = Initials.Write(Side.Server, keysOf, clientId, _source, 0, Frame.Ping, token: [1, 2, 3]);
        pair.Client.HandleDatagram(pair.Now, new NetworkPath(default, pair.ServerAddress), Ecn.NotEct, initial);
        // RFC 9000 §17.2.2: dropped, or PROTOCOL_VIOLATION
        Assert.True(client.Statistics.PacketsReceived == 0 || client.CloseReason?.Code == (long)TransportErrorCode.ProtocolViolation);
    }

    [Fact]
    public void A_client_keeps_to_the_id_of_the_servers_first_initial()
    {
        var pair = new Pair { Filter = static (_, _) => null };
        (Connection client, ConnectionId keysOf, ConnectionId clientId) = Dial(pair);
        var path = new NetworkPath(default, pair.ServerAddress);
        pair.Client.HandleDatagram(pair.Now, path, Ecn.NotEct, Initials.Write(Side.Server, keysOf, clientId, _source, 0, Frame.Ping));
        pair.Client.HandleDatagram(pair.Now, path, Ecn.NotEct, Initials.Write(Side.Server, keysOf, clientId, _otherSource, 1, Frame.Ping));
        Assert.Equal(1, client.Statistics.PacketsReceived); // RFC 9000 §7.2
        pair.Client.HandleDatagram(pair.Now, path, Ecn.NotEct, Initials.Write(Side.Server, keysOf, clientId, _source, 2, Frame.Ping));
        Assert.Equal(2, client.Statistics.PacketsReceived);
        byte[] buffer = new byte[65_536];
        Assert.True(pair.Client.TryTakeTransmit(pair.Now, buffer, out _));
        Assert.True(LongHeader.TryRead(buffer, out LongHeader answer));
        Assert.Equal(_source, answer.Destination);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_120)]
    [InlineData(1_141)]
    [InlineData(1_142)]
    [InlineData(1_300)]
    public void A_retry_token_of_any_length_does_no_harm(int tokenLength)
    {
        var pair = new Pair { Filter = static (_, _) => null };
        (Connection client, ConnectionId original, ConnectionId clientId) = Dial(pair);
        var writer = new Writer(new byte[1_500]);
        var retry = new LongHeader { Type = LongPacketType.Retry, Destination = clientId, Source = _source, Token = new byte[tokenLength] };
        RetryIntegrity.Write(CryptoProvider.Default, retry, original, 0, ref writer);
        pair.Client.HandleDatagram(pair.Now, new NetworkPath(default, pair.ServerAddress), Ecn.NotEct, writer.Written);
        int sent = 0;
        byte[] buffer = new byte[65_536];
        while (sent < 100 && pair.Client.TryTakeTransmit(pair.Now, buffer, out _))
        {
            sent++;
        }
        Assert.Null(client.Fault);
        Assert.InRange(sent, 0, 20);
    }

    [Fact]
    public void Initial_crypto_that_is_left_over_when_the_keys_change_is_a_protocol_violation()
    {
        var pair = new Pair { Latency = 1_000 };
        bool added = false;
        pair.Filter = (toServer, bytes) =>
        {
            if (toServer && !added && LongHeader.TryRead(bytes, out LongHeader header))
            {
                added = true;
                // Behind a gap, so TLS never takes it; the number leaves room for those of the real ones.
                Deliver(pair, Initials.Write(Side.Client, header.Destination, header.Destination, header.Source, 5, Frame.Crypto(10_000, [1])));
            }
            return toServer ? bytes : null;
        };
        pair.Connect();
        pair.Run(() => pair.Accepted?.CloseReason is not null, horizon: 1_000_000);
        Assert.NotNull(pair.Accepted?.Hello);
        Assert.Equal(CloseKind.LocalTransport, pair.Accepted.CloseReason?.Kind);
        Assert.Equal((long)TransportErrorCode.ProtocolViolation, pair.Accepted.CloseReason!.Code); // RFC 9001 §4.1.3
    }

    [Fact]
    public void Every_datagram_with_an_initial_has_1200_bytes_unless_it_only_acknowledges()
    {
        var pair = new Pair();
        List<(bool ToServer, byte[] Bytes)> initials = [];
        pair.Filter = (toServer, bytes) =>
        {
            if ((bytes[0] & 0xf0) == 0xc0)
            {
                initials.Add((toServer, [.. bytes]));
            }
            return bytes;
        };
        Connection client = pair.Connect();
        pair.Run(() => client.IsConfirmed);
        Assert.Contains(initials, i => i.ToServer);
        Assert.All(initials.Where(i => i.ToServer), i => Assert.True(i.Bytes.Length >= 1200)); // RFC 9000 §14.1
        // A bare acknowledgement is some 50 bytes; ServerHello is over 1,000.
        Assert.All(initials.Where(i => !i.ToServer && i.Bytes.Length > 100), i => Assert.True(i.Bytes.Length >= 1200, $"{i.Bytes.Length} bytes"));
    }

    private static (Connection Client, ConnectionId Original, ConnectionId ClientId) Dial(Pair pair)
    {
        Connection client = pair.Connect();
        byte[] buffer = new byte[65_536];
        Assert.True(pair.Client.TryTakeTransmit(pair.Now, buffer, out _));
        Assert.True(LongHeader.TryRead(buffer, out LongHeader header));
        ConnectionId original = header.Destination;
        ConnectionId clientId = header.Source;
        while (pair.Client.TryTakeTransmit(pair.Now, buffer, out _))
        {
        }
        return (client, original, clientId);
    }

    private static Address Spoofed(int i) => Address.From(new IPEndPoint(IPAddress.Parse("203.0.113.1"), 1_024 + i));

    private static void Deliver(Pair pair, byte[] datagram) =>
        pair.Server.HandleDatagram(pair.Now, new NetworkPath(pair.ServerAddress, pair.ClientAddress), Ecn.NotEct, datagram);

    private static int Drain(Pair pair)
    {
        int count = 0;
        byte[] buffer = new byte[65_536];
        while (pair.Server.TryTakeTransmit(pair.Now, buffer, out _))
        {
            count++;
        }
        return count;
    }
}
