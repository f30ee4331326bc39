using System.Net;
using Quicprochat.Quic;

namespace Quicprochat.Transport.Tests;

public sealed class AddressTokensTests
{
    private static readonly Address _remote = Address.From(IPAddress.Loopback, 1);

    [Fact]
    public void A_token_is_used_once_and_the_newest_counts()
    {
        var tokens = new AddressTokens(capacity: 4);
        tokens.Put("host", _remote, new byte[] { 1 });
        tokens.Put("host", _remote, new byte[] { 2 });
        Assert.Null(tokens.Take("other", _remote));
        Assert.Null(tokens.Take("host", Address.From(IPAddress.Loopback, 2)));
        Assert.Equal([2], tokens.Take("host", _remote)!.Value.ToArray());
        Assert.Null(tokens.Take("host", _remote));
    }

    [Fact]
    public void Their_number_is_bounded_however_they_come_and_go()
    {
        var tokens = new AddressTokens(capacity: 4);
        for (int i = 0; i < 1000; i++)
        {
            tokens.Put($"host{i}", _remote, new byte[] { 1 });
            if (i % 3 == 0)
            {
                tokens.Take($"host{i}", _remote);
            }
            Assert.InRange(tokens.Count, 0, 4);
        }
        Assert.Null(tokens.Take("host900", _remote));
        Assert.NotNull(tokens.Take("host998", _remote));
        tokens.Clear();
        Assert.Equal(0, tokens.Count);
    }

    [Fact]
    public async Task A_client_that_comes_again_needs_no_second_proof_of_its_address()
    {
        await using Loopback net = await Loopback.StartAsync(static options => options.RetryPolicy = RetryPolicy.Always);
        await using var relay = new Relay(net.Listener.LocalEndPoint);
        await using QuicEndpoint endpoint = QuicEndpoint.Open(new QuicEndpointOptions());
        int retriesOfFirst = 0;
        for (int i = 0; i < 3; i++)
        {
            await using QuicConnection client = await endpoint.ConnectAsync(Loopback.ClientOptions(relay.LocalEndPoint), Loopback.Patience);
            QuicConnection server = await net.AcceptAsync();
            (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
            await opened.WriteAsync(new byte[1], completeWrites: true, Loopback.Patience);
            await StreamTests.ReadToEndAsync(accepted);
            // Behind this answer the client has the server's NEW_TOKEN: it was sent with the end of the handshake.
            await accepted.WriteAsync(new byte[1], completeWrites: true, Loopback.Patience);
            await StreamTests.ReadToEndAsync(opened);
            if (i == 0)
            {
                // One for each datagram of the ClientHello.
                retriesOfFirst = relay.Retries;
                Assert.InRange(retriesOfFirst, 1, 2);
            }
        }
        Assert.Equal(retriesOfFirst, relay.Retries);
    }
}
