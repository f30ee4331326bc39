using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

public sealed class HelloRetryRequestTests
{
    private static readonly TlsServerOptions _p256Server = TlsPair.ServerOptions with { Groups = [TlsGroup.Secp256r1] };

    [Theory]
    [InlineData(TlsGroup.X25519MLKEM768, TlsGroup.X25519)]
    [InlineData(TlsGroup.X25519MLKEM768, TlsGroup.Secp256r1)]
    [InlineData(TlsGroup.X25519, TlsGroup.X25519MLKEM768)]
    [InlineData(TlsGroup.Secp256r1, TlsGroup.X25519MLKEM768)]
    public void A_server_that_wants_another_group_gets_a_share_for_it(TlsGroup first, TlsGroup wanted)
    {
        using TlsPair pair = new TlsPair(
            TlsPair.ClientOptions with { Groups = [first, wanted] }, TlsPair.ServerOptions with { Groups = [wanted] }).RunToCompletion();
        Assert.Equal((int)wanted, pair.Client.NegotiatedGroup);
        Assert.Equal((int)wanted, pair.Server.NegotiatedGroup);
        Assert.Equal(
            [HandshakeType.ClientHello, HandshakeType.ServerHello, HandshakeType.ClientHello, HandshakeType.ServerHello],
            pair.Wire.Where(message => message.Level == EncryptionLevel.Initial).Select(message => (HandshakeType)message.Bytes[0]));
        Assert.Equal(TlsPair.ClientParameters, pair.Server.PeerTransportParameters!.Value.ToArray());
    }

    [Fact]
    public void The_servers_order_of_groups_decides_even_at_the_price_of_a_round_trip()
    {
        using TlsPair pair = new TlsPair(TlsPair.ClientOptions with { Groups = [TlsGroup.X25519, TlsGroup.X25519MLKEM768] }).RunToCompletion();
        Assert.Equal((int)TlsGroup.X25519MLKEM768, pair.Client.NegotiatedGroup);
    }

    [Fact]
    public void It_works_byte_by_byte_and_by_seed()
    {
        using TlsPair first = new TlsPair(null, _p256Server, seed: 9) { ChunkSize = 1 }.RunToCompletion();
        using TlsPair second = new TlsPair(null, _p256Server, seed: 9).RunToCompletion();
        Assert.Equal(first.Wire.Select(message => Convert.ToHexString(message.Bytes)), second.Wire.Select(message => Convert.ToHexString(message.Bytes)));
    }

    [Theory]
    [InlineData("server name")]
    [InlineData("transport parameters")]
    [InlineData("dropped extension")]
    [InlineData("new extension")]
    [InlineData("random")]
    [InlineData("suites")]
    public void A_second_ClientHello_that_says_something_else_is_refused(string what)
    {
        using var pair = new TlsPair(null, _p256Server);
        pair.Tamper = (from, _, bytes) => from == Side.Client && pair.Wire.Count == 3 ? Change(what, bytes) : bytes;
        pair.Run();
        Assert.Equal(Errors.Alert(47), pair.ServerError?.Code);
    }

    [Fact]
    public void A_second_ClientHello_may_reorder_its_extensions_and_add_padding()
    {
        using var pair = new TlsPair(null, _p256Server);
        pair.Tamper = (from, _, bytes) =>
        {
            if (from != Side.Client || pair.Wire.Count != 3)
            {
                return bytes;
            }

            var hello = new HelloEditor(bytes).Add(TlsExtensionType.Padding, new byte[40]);
            hello.Extensions.Reverse();
            return hello.ToArray();
        };
        pair.Run();

        // The server goes on; the transcripts differ from here, which only the client's Finished check can notice.
        Assert.Null(pair.ServerError);
        Assert.Equal(Errors.Alert(51), pair.ClientError?.Code);
    }

    [Fact]
    public void A_second_HelloRetryRequest_is_refused()
    {
        using var pair = new TlsPair(null, _p256Server);
        pair.Tamper = (from, _, bytes) => from == Side.Server && pair.Wire.Count == 4 ? pair.Wire[1].Bytes : bytes;
        pair.Run();
        Assert.Equal(Errors.Alert(10), pair.ClientError?.Code);
    }

    [Fact]
    public void A_server_that_then_answers_for_another_group_is_refused()
    {
        using var pair = new TlsPair(null, _p256Server);
        pair.Tamper = (from, _, bytes) =>
        {
            if (from != Side.Server || pair.Wire.Count != 4)
            {
                return bytes;
            }

            var hello = new HelloEditor(bytes);
            hello[TlsExtensionType.KeyShare] = [.. HelloEditor.UInt16((ushort)TlsGroup.X25519), .. HelloEditor.Vector16([9, .. new byte[31]])];
            return hello.ToArray();
        };
        pair.Run();
        Assert.Equal(Errors.Alert(47), pair.ClientError?.Code);
    }

    private static byte[] Change(string what, byte[] bytes)
    {
        var hello = new HelloEditor(bytes);
        switch (what)
        {
            case "server name":
                hello[TlsExtensionType.ServerName] = HelloEditor.Vector16([0, .. HelloEditor.Vector16("evil.example"u8)]);
                break;
            case "transport parameters":
                hello[TlsExtensionType.QuicTransportParameters] = [4, 1, 1];
                break;
            case "dropped extension":
                hello.Remove(TlsExtensionType.ServerName);
                break;
            case "new extension":
                hello.Add(0xfafa, 1);
                break;
            case "random":
                hello.Random[0] ^= 1;
                break;
            default:
                hello.CipherSuites = [.. hello.CipherSuites, 0x13, 0x04];
                break;
        }

        return hello.ToArray();
    }
}
