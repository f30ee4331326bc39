using System.Net;

namespace Quicprochat.Quic.Tests.Connections;

/// <summary>Addresses that are not validated yet, and those that a forger names (RFC 9000 §8, §9).</summary>
public sealed class PathTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Answers_to_the_challenges_of_one_datagram_stay_within_three_times_its_size(int challenges)
    {
        using var forger = new Forger();
        byte[] datagram = forger.Packet([.. Enumerable.Range(0, challenges).Select(i => Frame.PathChallenge((ulong)i))]);
        forger.Deliver(Forger.Elsewhere, datagram);

        int sent = forger.Take().Where(t => t.Path.Remote == Forger.Elsewhere).Sum(t => t.Length);
        Assert.InRange(sent, 1, 3 * datagram.Length); // RFC 9000 §8.1, §8.2.2
    }

    [Fact]
    public void Answers_and_what_follows_a_move_share_one_budget()
    {
        using var forger = new Forger();
        byte[] datagram = forger.Packet(Frame.PathChallenge(1), Frame.Ping);
        forger.Deliver(Forger.Elsewhere, datagram);

        int sent = forger.Take().Where(t => t.Path.Remote == Forger.Elsewhere).Sum(t => t.Length);
        Assert.InRange(sent, 1, 3 * datagram.Length); // RFC 9000 §9.3.1
    }

    [Fact]
    public void A_path_validated_by_a_small_datagram_is_validated_again_at_full_size()
    {
        using var wire = new Wire();
        wire.Ping();
        // A NAT forgets the client, which then says as little as it can: the server's first challenge has to be small too.
        wire.MoveClient();
        wire.Ping();
        wire.Ping();

        Assert.Equal(wire.ClientAddress, wire.Server.Path.Remote);
        Assert.True(wire.SizesSinceMove[0] < 1200);
        Assert.Contains(wire.SizesSinceMove, size => size >= 1200); // RFC 9000 §8.2.3
    }

    [Fact]
    public void A_datagram_that_does_not_open_moves_no_local_address()
    {
        using var forger = new Forger();
        byte[] forged = forger.Packet(Frame.Ping);
        forged[^1] ^= 1;
        Address other = Address.From(new IPEndPoint(IPAddress.Parse("192.0.2.77"), 443));
        forger.Deliver(forger.Pair.ClientAddress, forged, to: other);

        Assert.Equal(forger.Pair.ServerAddress, forger.Server.Path.Local); // RFC 9000 §5.2, §9.6
    }

    [Fact]
    public void A_datagram_that_does_not_open_moves_nothing()
    {
        using var forger = new Forger();
        byte[] forged = forger.Packet(Frame.Ping);
        forged[^1] ^= 1;
        forger.Deliver(Forger.Elsewhere, forged);

        Assert.Equal(forger.Pair.ClientAddress, forger.Server.Path.Remote);
        Assert.Empty(forger.Take());
    }

    [Fact]
    public void A_client_drops_what_comes_from_another_address_than_its_servers()
    {
        var pair = new Pair();
        Connection client = pair.Connect();
        byte[]? kept = null;
        pair.Run(() => client.IsConfirmed);
        pair.Run(horizon: 500_000);
        pair.Filter = (toServer, bytes) =>
        {
            kept = toServer ? kept : bytes;
            return toServer ? bytes : null;
        };
        pair.Accepted!.Ping();
        pair.Flush();
        long before = client.Statistics.PacketsReceived;
        pair.Client.HandleDatagram(pair.Now, new NetworkPath(default, Forger.Elsewhere), Ecn.NotEct, [.. kept!]);
        Assert.Equal(before, client.Statistics.PacketsReceived); // RFC 9000 §9
        pair.Client.HandleDatagram(pair.Now, new NetworkPath(default, pair.ServerAddress), Ecn.NotEct, [.. kept!]);
        Assert.Equal(before + 1, client.Statistics.PacketsReceived);
    }

    [Fact]
    public void A_server_and_a_client_that_is_not_confirmed_do_not_migrate()
    {
        var pair = new Pair();
        Connection client = pair.Connect();
        Assert.False(client.HandleLocalAddressChanged(pair.Now, Forger.Elsewhere)); // RFC 9000 §9
        pair.Run(() => client.IsConfirmed);
        Assert.False(pair.Accepted!.HandleLocalAddressChanged(pair.Now, Forger.Elsewhere));
        Assert.True(client.HandleLocalAddressChanged(pair.Now, Forger.Elsewhere));
    }
}
