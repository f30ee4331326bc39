using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

public sealed class ClientHelloTests
{
    private static readonly byte[] _good = Create(TlsPair.ClientOptions with { ApplicationProtocols = ["chat/2", "chat/1"] });

    [Fact]
    public void Name_and_protocols_are_read()
    {
        Assert.Null(ClientHello.TryRead(_good, out bool complete, out ClientHelloInfo? info));
        Assert.True(complete);
        Assert.Equal(TlsPair.Host, info!.ServerName);
        Assert.Equal(["chat/2", "chat/1"], info.ApplicationProtocols);
    }

    [Fact]
    public void A_hello_without_a_name_has_none()
    {
        Assert.Null(ClientHello.TryRead(new HelloEditor(_good).Remove(TlsExtensionType.ServerName).ToArray(), out _, out ClientHelloInfo? info));
        Assert.Null(info!.ServerName);
    }

    [Fact]
    public void Every_true_prefix_is_incomplete_and_no_error()
    {
        for (int length = 0; length < _good.Length; length++)
        {
            Assert.Null(ClientHello.TryRead(_good.AsSpan(0, length), out bool complete, out ClientHelloInfo? info));
            Assert.False(complete);
            Assert.Null(info);
        }
    }

    [Fact]
    public void What_follows_the_message_is_not_looked_at()
    {
        Assert.Null(ClientHello.TryRead([.. _good, 0xff], out bool complete, out _));
        Assert.True(complete);
    }

    [Fact]
    public void Another_message_is_unexpected_by_its_first_byte() =>
        Assert.Equal(Errors.Alert(10), ClientHello.TryRead([(byte)HandshakeType.Finished], out _, out _)?.Code);

    [Fact]
    public void More_than_64_KiB_are_refused_by_the_header() => AssertError(TransportErrorCode.CryptoBufferExceeded, [1, 1, 0, 1]);

    [Fact]
    public void A_body_cut_short_anywhere_is_a_decode_error()
    {
        for (int length = 0; length < _good.Length - 4; length++)
        {
            AssertError(Errors.Alert(50), HelloEditor.Message(HandshakeType.ClientHello, _good.AsSpan(4, length)));
        }

        AssertError(Errors.Alert(50), HelloEditor.Message(HandshakeType.ClientHello, [.. _good[4..], 0]));
    }

    [Fact]
    public void A_legacy_version_other_than_0303_is_refused() => AssertError(Errors.Alert(70), hello => hello.Version = 0x0304);

    [Fact]
    public void A_session_id_is_refused() => AssertError(TransportErrorCode.ProtocolViolation, hello => hello.SessionId = new byte[32]);

    [Fact]
    public void A_session_id_that_is_too_long_is_a_decode_error() => AssertError(Errors.Alert(50), hello => hello.SessionId = new byte[33]);

    [Fact]
    public void Suites_of_an_odd_length_or_none_are_a_decode_error()
    {
        AssertError(Errors.Alert(50), hello => hello.CipherSuites = [0x13, 0x01, 0x13]);
        AssertError(Errors.Alert(50), hello => hello.CipherSuites = []);
    }

    [Fact]
    public void Compression_is_refused()
    {
        AssertError(Errors.Alert(47), hello => hello.Compression = [1, 0]);
        AssertError(Errors.Alert(47), hello => hello.Compression = [1]);
        AssertError(Errors.Alert(50), hello => hello.Compression = []);
    }

    [Fact]
    public void An_extension_that_comes_twice_is_refused() => AssertError(Errors.Alert(47), hello => hello.Add(0xfafa).Add(0xfafa));

    [Fact]
    public void A_pre_shared_key_extension_must_come_last()
    {
        AssertError(Errors.Alert(47), hello => hello.Add(TlsExtensionType.PreSharedKey).Add(0xfafa));
        Assert.Null(ClientHello.TryRead(new HelloEditor(_good).Add(TlsExtensionType.PreSharedKey).ToArray(), out _, out _));
    }

    [Fact]
    public void What_QUIC_needs_must_be_there()
    {
        AssertError(Errors.Alert(120), hello => hello.Remove(TlsExtensionType.ApplicationLayerProtocolNegotiation));
        AssertError(Errors.Alert(109), hello => hello.Remove(TlsExtensionType.QuicTransportParameters));
        AssertError(Errors.Alert(109), hello => hello.Remove(TlsExtensionType.SignatureAlgorithms));
        AssertError(Errors.Alert(109), hello => hello.Remove(TlsExtensionType.SupportedGroups));
        AssertError(Errors.Alert(109), hello => hello.Remove(TlsExtensionType.KeyShare));
        AssertError(Errors.Alert(70), hello => hello.Remove(TlsExtensionType.SupportedVersions));
        AssertError(Errors.Alert(70), hello => hello[TlsExtensionType.SupportedVersions] = [4, 3, 3, 0xfa, 0xfa]);
    }

    [Fact]
    public void Versions_that_do_not_parse_are_a_decode_error()
    {
        AssertError(Errors.Alert(50), hello => hello[TlsExtensionType.SupportedVersions] = []);
        AssertError(Errors.Alert(50), hello => hello[TlsExtensionType.SupportedVersions] = [0]);
        AssertError(Errors.Alert(50), hello => hello[TlsExtensionType.SupportedVersions] = [3, 3, 4, 3]);
        AssertError(Errors.Alert(50), hello => hello[TlsExtensionType.SupportedVersions] = [2, 3, 4, 0]);
    }

    [Fact]
    public void Names_that_do_not_parse_are_a_decode_error()
    {
        AssertName([]);
        AssertName([0, 0]);
        AssertName([0, 0, 0]);
        AssertName([0, .. HelloEditor.Vector16("grüße.example"u8)]);
        AssertName([0, .. HelloEditor.Vector16("chat.example\0.evil"u8)]);
        AssertName([0, .. HelloEditor.Vector16("a.example"u8), 0, .. HelloEditor.Vector16("b.example"u8)]);
        AssertError(Errors.Alert(50), hello => hello[TlsExtensionType.ServerName] = [.. HelloEditor.Vector16([0, .. HelloEditor.Vector16("a"u8)]), 0]);
    }

    [Fact]
    public void Names_of_other_kinds_are_passed_over()
    {
        var hello = new HelloEditor(_good);
        hello[TlsExtensionType.ServerName] = HelloEditor.Vector16([7, 0, 1, 0xff, 0, .. HelloEditor.Vector16("a.example"u8)]);
        Assert.Null(ClientHello.TryRead(hello.ToArray(), out _, out ClientHelloInfo? info));
        Assert.Equal("a.example", info!.ServerName);
    }

    [Fact]
    public void Protocols_that_do_not_parse_are_a_decode_error()
    {
        AssertProtocols([]);
        AssertProtocols([0]);
        AssertProtocols([2, 1]);
        AssertProtocols([1, 1, 0]);
    }

    [Fact]
    public void A_GREASE_protocol_is_no_error()
    {
        var hello = new HelloEditor(_good);
        hello[TlsExtensionType.ApplicationLayerProtocolNegotiation] = HelloEditor.Vector16([2, 0xda, 0xda, .. HelloEditor.Vector8("chat/1"u8)]);
        Assert.Null(ClientHello.TryRead(hello.ToArray(), out _, out ClientHelloInfo? info));
        Assert.Equal(2, info!.ApplicationProtocols.Count);
        Assert.Equal("chat/1", info.ApplicationProtocols[1]);
    }

    [Fact]
    public void Any_bytes_give_an_answer_and_never_an_exception()
    {
        var random = new Random(4);
        int refused = 0;
        for (int i = 0; i < 30_000; i++)
        {
            byte[] hello = [.. _good];
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                hello[random.Next(1, hello.Length)] = (byte)random.Next(256);
            }

            TransportError? error = ClientHello.TryRead(hello.AsSpan(0, random.Next(2) == 0 ? hello.Length : random.Next(hello.Length)), out bool complete, out ClientHelloInfo? info);
            Assert.Equal(error is null && complete, info is not null);
            refused += error is null ? 0 : 1;
        }

        Assert.InRange(refused, 1_000, 29_000);
    }

    private static byte[] Create(TlsClientOptions options)
    {
        using TlsSession client = TlsSession.CreateClient(options, new SeededRandom(1), TlsPair.ClientParameters);
        Assert.Null(client.Start());
        Assert.True(client.TryTakeOutput(out EncryptionLevel level, out ReadOnlyMemory<byte> hello));
        Assert.Equal(EncryptionLevel.Initial, level);
        return hello.ToArray();
    }

    private static void AssertName(byte[] list) => AssertError(Errors.Alert(50), hello => hello[TlsExtensionType.ServerName] = HelloEditor.Vector16(list));

    private static void AssertProtocols(byte[] list) =>
        AssertError(Errors.Alert(50), hello => hello[TlsExtensionType.ApplicationLayerProtocolNegotiation] = HelloEditor.Vector16(list));

    private static void AssertError(TransportErrorCode code, Action<HelloEditor> edit)
    {
        var hello = new HelloEditor(_good);
        edit(hello);
        AssertError(code, hello.ToArray());
    }

    private static void AssertError(TransportErrorCode code, byte[] bytes)
    {
        Assert.Equal(code, ClientHello.TryRead(bytes, out _, out ClientHelloInfo? info)?.Code);
        Assert.Null(info);
        using TlsSession server = TlsSession.CreateServer(TlsPair.ServerOptions, new SeededRandom(1), TlsPair.ServerParameters);
        Assert.Equal(code, server.Receive(EncryptionLevel.Initial, bytes)?.Code);
    }
}
