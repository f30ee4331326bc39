using System.Runtime.CompilerServices;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

public sealed class HandshakeTests
{
    private static readonly TlsGroup[][] _groupLists = [[TlsGroup.X25519MLKEM768], [TlsGroup.X25519], [TlsGroup.Secp256r1]];

    public static TheoryData<TlsCipherSuite> Suites => [.. Enum.GetValues<TlsCipherSuite>()];

    public static TheoryData<TlsGroup> Groups => [.. Enum.GetValues<TlsGroup>()];

    [Fact]
    public void Both_ends_complete_with_the_same_secrets_and_see_the_same_parameters()
    {
        using TlsPair pair = new TlsPair().RunToCompletion();
        Assert.Equal("chat/1", pair.Client.ApplicationProtocol);
        Assert.Equal("chat/1", pair.Server.ApplicationProtocol);
        Assert.Equal(TlsPair.Host, pair.Client.ServerName);
        Assert.Equal(TlsPair.Host, pair.Server.ServerName);
        Assert.Equal(TlsPair.ServerParameters, pair.Client.PeerTransportParameters!.Value.ToArray());
        Assert.Equal(TlsPair.ClientParameters, pair.Server.PeerTransportParameters!.Value.ToArray());
        Assert.Equal(EncryptionLevel.Application, pair.Client.ReadLevel);
        Assert.Equal(EncryptionLevel.Application, pair.Server.ReadLevel);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void The_suite_agreed_on_is_the_one_offered(TlsCipherSuite suite)
    {
        using TlsPair pair = new TlsPair(TlsPair.ClientOptions with { CipherSuites = [suite] }).RunToCompletion();
        Assert.Equal((int)suite, pair.Client.CipherSuite);
        Assert.Equal((int)suite, pair.Server.CipherSuite);
        Assert.All(pair.ClientSecrets, secrets => Assert.Equal(suite, secrets.CipherSuite));
        Assert.All(pair.ClientSecrets, secrets => Assert.Equal(suite == TlsCipherSuite.Aes256GcmSha384 ? 48 : 32, secrets.Read.Length));
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void The_group_agreed_on_is_the_one_offered(TlsGroup group)
    {
        using TlsPair pair = new TlsPair(TlsPair.ClientOptions with { Groups = [group] }).RunToCompletion();
        Assert.Equal((int)group, pair.Client.NegotiatedGroup);
        Assert.Equal((int)group, pair.Server.NegotiatedGroup);
    }

    [Fact]
    public void By_default_the_exchange_is_post_quantum_and_the_ClientHello_fits_two_Initial_packets()
    {
        using TlsPair pair = new TlsPair().RunToCompletion();
        Assert.Equal((int)TlsGroup.X25519MLKEM768, pair.Client.NegotiatedGroup);
        Assert.InRange(pair.Wire[0].Bytes.Length, 1_216, 2 * 1_100);
    }

    [Fact]
    public void A_key_share_is_sent_for_the_first_group_only()
    {
        using TlsPair pair = new TlsPair().RunToCompletion();
        var share = new HandshakeReader(new HelloEditor(pair.Wire[0].Bytes)[TlsExtensionType.KeyShare]);
        Assert.True(share.TryReadVector16(out ReadOnlySpan<byte> shares));
        var list = new HandshakeReader(shares);
        Assert.True(list.TryReadUInt16(out ushort group));
        Assert.Equal((ushort)TlsGroup.X25519MLKEM768, group);
        Assert.True(list.TryReadVector16(out ReadOnlySpan<byte> key));
        Assert.Equal(1_184 + 32, key.Length);
        Assert.True(list.IsEmpty);
    }

    [Fact]
    public void Compatibility_mode_is_off()
    {
        using TlsPair pair = new TlsPair().RunToCompletion();
        Assert.Empty(new HelloEditor(pair.Wire[0].Bytes).SessionId);
        Assert.Empty(new HelloEditor(pair.Wire[1].Bytes).SessionId);
    }

    [Fact]
    public void Only_whole_handshake_messages_come_out_each_at_its_level()
    {
        using TlsPair pair = new TlsPair().RunToCompletion();
        Assert.Equal(
            [
                (Side.Client, EncryptionLevel.Initial, HandshakeType.ClientHello),
                (Side.Server, EncryptionLevel.Initial, HandshakeType.ServerHello),
                (Side.Server, EncryptionLevel.Handshake, HandshakeType.EncryptedExtensions),
                (Side.Server, EncryptionLevel.Handshake, HandshakeType.Certificate),
                (Side.Server, EncryptionLevel.Handshake, HandshakeType.CertificateVerify),
                (Side.Server, EncryptionLevel.Handshake, HandshakeType.Finished),
                (Side.Client, EncryptionLevel.Handshake, HandshakeType.Finished),
            ],
            pair.Wire.Select(message => (message.From, message.Level, (HandshakeType)message.Bytes[0])));
        Assert.All(pair.Wire, message => Assert.Equal(message.Bytes.Length - 4, (message.Bytes[1] << 16) | (message.Bytes[2] << 8) | message.Bytes[3]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public void Bytes_may_come_in_any_pieces(int chunkSize)
    {
        using var pair = new TlsPair { ChunkSize = chunkSize };
        pair.RunToCompletion();
    }

    [Fact]
    public void A_chain_of_60_KB_passes()
    {
        ReadOnlyMemory<byte> leaf = TlsPair.Ed25519.CertificateChain[0];
        var validator = new RecordingValidator();
        byte[] filler = [0x30, 0x82, 0x75, 0x30, .. new byte[30_000]];
        TlsCredential credential = TlsPair.Ed25519 with { CertificateChain = [leaf, filler, filler] };
        using var pair = new TlsPair(TlsPair.ClientOptions with { CertificateValidator = validator }, TlsPair.ServerOptions with { Credential = credential });
        pair.ChunkSize = 1_100;
        pair.RunToCompletion();
        Assert.Equal([leaf.Length, filler.Length, filler.Length], pair.Client.PeerCertificates.Select(certificate => certificate.Length));
    }

    [Fact]
    public void The_server_has_the_clients_parameters_after_the_ClientHello_and_the_client_the_servers_before_the_end()
    {
        using TlsSession client = TlsSession.CreateClient(TlsPair.ClientOptions, new SeededRandom(1), TlsPair.ClientParameters);
        using TlsSession server = TlsSession.CreateServer(TlsPair.ServerOptions, new SeededRandom(2), TlsPair.ServerParameters);
        Assert.Null(client.Start());
        Assert.Null(server.PeerTransportParameters);
        Assert.True(client.TryTakeOutput(out EncryptionLevel level, out ReadOnlyMemory<byte> hello));
        Assert.Null(server.Receive(level, hello.Span));
        Assert.Equal(TlsPair.ClientParameters, server.PeerTransportParameters!.Value.ToArray());
        Assert.Equal(TlsPair.Host, server.ServerName);
        for (int i = 0; i < 2; i++)
        {
            Assert.Null(client.PeerTransportParameters);
            Assert.True(server.TryTakeOutput(out level, out ReadOnlyMemory<byte> message));
            Assert.Null(client.Receive(level, message.Span));
        }

        Assert.Equal(TlsPair.ServerParameters, client.PeerTransportParameters!.Value.ToArray());
        Assert.False(client.IsComplete);
        Assert.False(server.IsComplete);
        Assert.Null(server.ApplicationProtocol);
    }

    [Fact]
    public void The_servers_order_of_protocols_decides()
    {
        using TlsPair pair = new TlsPair(
            TlsPair.ClientOptions with { ApplicationProtocols = ["chat/1", "chat/2", "h3"] },
            TlsPair.ServerOptions with { ApplicationProtocols = ["chat/9", "chat/2", "chat/1"] }).RunToCompletion();
        Assert.Equal("chat/2", pair.Client.ApplicationProtocol);
        Assert.Equal("chat/2", pair.Server.ApplicationProtocol);
    }

    [Fact]
    public void The_servers_order_of_suites_decides()
    {
        using TlsPair pair = new TlsPair(
            null, TlsPair.ServerOptions with { CipherSuites = [TlsCipherSuite.ChaCha20Poly1305Sha256, TlsCipherSuite.Aes128GcmSha256] }).RunToCompletion();
        Assert.Equal((int)TlsCipherSuite.ChaCha20Poly1305Sha256, pair.Client.CipherSuite);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("2001:db8::1")]
    [InlineData(null)]
    [InlineData("")]
    public void An_address_or_no_host_is_not_sent_in_SNI_but_reaches_the_validator(string? host)
    {
        var validator = new RecordingValidator();
        using TlsPair pair = new TlsPair(TlsPair.ClientOptions with { TargetHost = host, CertificateValidator = validator }).RunToCompletion();
        Assert.DoesNotContain(new HelloEditor(pair.Wire[0].Bytes).Extensions, extension => extension.Type == TlsExtensionType.ServerName);
        Assert.Null(pair.Server.ServerName);
        Assert.Equal(host, Assert.Single(validator.Calls).TargetHost);
    }

    [Fact]
    public void A_trailing_dot_is_not_sent_in_SNI()
    {
        using TlsPair pair = new TlsPair(TlsPair.ClientOptions with { TargetHost = "chat.example." }).RunToCompletion();
        Assert.Equal("chat.example", pair.Server.ServerName);
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void The_same_seeds_give_the_same_bytes(TlsGroup group)
    {
        using TlsPair first = new TlsPair(TlsPair.ClientOptions with { Groups = [group] }, seed: 5).RunToCompletion();
        using TlsPair second = new TlsPair(TlsPair.ClientOptions with { Groups = [group] }, seed: 5).RunToCompletion();
        using TlsPair other = new TlsPair(TlsPair.ClientOptions with { Groups = [group] }, seed: 6).RunToCompletion();
        Assert.Equal(first.Wire.Select(message => Convert.ToHexString(message.Bytes)), second.Wire.Select(message => Convert.ToHexString(message.Bytes)));
        Assert.NotEqual(first.Wire[0].Bytes, other.Wire[0].Bytes);
        Assert.True(first.ClientSecrets[1].Read.FixedTimeEquals(second.ServerSecrets[1].Write.Span));
    }

    [Fact]
    public void Once_complete_the_engine_and_the_options_are_dropped()
    {
        (TlsSession client, TlsSession server, WeakReference clientOptions, WeakReference serverOptions) = Complete();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(clientOptions.IsAlive);
        Assert.False(serverOptions.IsAlive);
        Assert.True(client.IsComplete && server.IsComplete);
        Assert.True(client.TryExport("EXPORTER-test", [], new byte[8]));
        GC.KeepAlive(client);
        GC.KeepAlive(server);
    }

    [Fact]
    public void A_disposed_session_has_zeroed_the_secrets_nobody_took()
    {
        TlsSession client = TlsSession.CreateClient(TlsPair.ClientOptions, new SeededRandom(1), TlsPair.ClientParameters);
        TlsSession server = TlsSession.CreateServer(TlsPair.ServerOptions, new SeededRandom(2), TlsPair.ServerParameters);
        client.Start();
        client.TryTakeOutput(out EncryptionLevel level, out ReadOnlyMemory<byte> hello);
        server.Receive(level, hello.Span);
        Assert.True(server.TryTakeSecrets(out TrafficSecrets taken));
        server.Dispose();
        server.Dispose();
        client.Dispose();
        Assert.False(server.TryTakeSecrets(out _));
        Assert.Throws<ObjectDisposedException>(() => server.Receive(EncryptionLevel.Handshake, [1]));
        Assert.False(server.TryTakeOutput(out _, out _));
        Assert.Equal(32, taken.Read.Span.Length); // what was taken belongs to the taker
        taken.Read.Dispose();
        taken.Write.Dispose();
    }

    [Fact]
    public void Options_that_cannot_work_are_refused_at_once()
    {
        AssertRefused(TlsPair.ClientOptions with { ApplicationProtocols = [] });
        AssertRefused(TlsPair.ClientOptions with { ApplicationProtocols = [""] });
        AssertRefused(TlsPair.ClientOptions with { ApplicationProtocols = [new string('x', 256)] });
        AssertRefused(TlsPair.ClientOptions with { Groups = [] });
        AssertRefused(TlsPair.ClientOptions with { Groups = [(TlsGroup)0x0018] });
        AssertRefused(TlsPair.ClientOptions with { CipherSuites = [] });
        AssertRefused(TlsPair.ClientOptions with { TargetHost = "grüße.example" });
        AssertRefused(TlsPair.ClientOptions with { Credential = TlsPair.Ed25519 with { CertificateChain = [] } });
        Assert.Throws<ArgumentException>(() => new TlsPair(server: TlsPair.ServerOptions with { Credential = TlsPair.Ed25519 with { CertificateChain = [] } }));
        Assert.Throws<ArgumentException>(() => new TlsPair(server: TlsPair.ServerOptions with { RequestClientCertificate = true }));
        Assert.Throws<ArgumentException>(() => new TlsPair(server: TlsPair.ServerOptions with { RequireClientCertificate = true }));
    }

    private static void AssertRefused(TlsClientOptions options) => Assert.Throws<ArgumentException>(() => new TlsPair(options));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (TlsSession Client, TlsSession Server, WeakReference ClientOptions, WeakReference ServerOptions) Complete()
    {
        TlsClientOptions clientOptions = TlsPair.ClientOptions with { Groups = _groupLists[0] };
        TlsServerOptions serverOptions = TlsPair.ServerOptions with { Groups = _groupLists[0] };
        TlsPair pair = new TlsPair(clientOptions, serverOptions).RunToCompletion();
        return (pair.Client, pair.Server, new WeakReference(clientOptions), new WeakReference(serverOptions));
    }
}
