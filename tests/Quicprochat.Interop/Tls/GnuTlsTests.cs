using Quicprochat.Crypto;
using Quicprochat.Crypto.Signatures;
using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Interop.Tls;

/// <summary>TLS for QUIC against GnuTLS in its QUIC mode, both roles, message by message and without a network.</summary>
public sealed class GnuTlsTests(GnuTlsProgram program) : IClassFixture<GnuTlsProgram>
{
    private const string Base = "NORMAL:-VERS-ALL:+VERS-TLS1.3:%DISABLE_TLS13_COMPAT_MODE";
    private const string Host = "chat.example";

    private static readonly DateTimeOffset _notBefore = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly byte[] _parameters = [0x01, 0x02, 0x67, 0x10];

    public static TheoryData<TlsCipherSuite, string> Suites => new()
    {
        { TlsCipherSuite.Aes128GcmSha256, "AES-128-GCM" },
        { TlsCipherSuite.Aes256GcmSha384, "AES-256-GCM" },
        { TlsCipherSuite.ChaCha20Poly1305Sha256, "CHACHA20-POLY1305" },
    };

    public static TheoryData<string> Keys => ["ed25519", "ecdsa", "rsa"];

    public static TheoryData<SignatureAlgorithm> Algorithms => [SignatureAlgorithm.Ed25519, SignatureAlgorithm.EcdsaP256Sha256];

    [Theory]
    [MemberData(nameof(Suites))]
    public void Our_client_and_its_server_agree_in_each_suite(TlsCipherSuite suite, string cipher)
    {
        using GnuTlsPeer server = Start("server", $"{Base}:-CIPHER-ALL:+{cipher}", "ecdsa", "chat/1");
        using TlsSession client = Client(server);
        AssertAgreement(client, server, Side.Client);
        Assert.Equal((int)suite, client.CipherSuite);
        Assert.Equal(Host, server.ServerName);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Our_server_and_its_client_agree_in_each_suite(TlsCipherSuite suite, string cipher)
    {
        using GnuTlsPeer client = Start("client", $"{Base}:-CIPHER-ALL:+{cipher}", "none", "chat/1");
        using TlsSession server = Server();
        AssertAgreement(server, client, Side.Server);
        Assert.Equal((int)suite, server.CipherSuite);
        Assert.Equal(Host, server.ServerName);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Our_client_checks_its_certificate_and_gets_the_very_bytes(string key)
    {
        using GnuTlsPeer server = Start("server", Base, key, "chat/1");
        using TlsSession client = Client(server);
        AssertAgreement(client, server, Side.Client);
        Assert.Equal(server.Certificate, Assert.Single(client.PeerCertificates).ToArray());
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Its_client_checks_our_certificate(SignatureAlgorithm algorithm)
    {
        using GnuTlsPeer client = Start("client", Base, "none", "chat/1");
        using TlsSession server = Server(credential: Certificate(algorithm));
        AssertAgreement(server, client, Side.Server);
        Assert.Equal(1, client.PeerCertificates);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Its_server_takes_our_client_certificate(SignatureAlgorithm algorithm)
    {
        using GnuTlsPeer server = Start("server", Base, "ed25519", "chat/1", "request");
        using TlsSession client = Client(server, credential: Certificate(algorithm));
        AssertAgreement(client, server, Side.Client);
        Assert.Equal(1, server.PeerCertificates);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Our_server_takes_its_client_certificate(string key)
    {
        using GnuTlsPeer client = Start("client", Base, key, "chat/1");
        using TlsSession server = Server(requireCertificate: true, pin: client.Certificate);
        AssertAgreement(server, client, Side.Server);
        Assert.Equal(client.Certificate, Assert.Single(server.PeerCertificates).ToArray());
    }

    [Fact]
    public void Our_client_follows_its_HelloRetryRequest()
    {
        using GnuTlsPeer server = Start("server", $"{Base}:-GROUP-ALL:+GROUP-SECP256R1", "ecdsa", "chat/1");
        using TlsSession client = Client(server);
        Assert.Equal(2, AssertAgreement(client, server, Side.Client).Count(message => message is { Level: EncryptionLevel.Initial, From: Side.Client }));
        Assert.Equal((int)TlsGroup.Secp256r1, client.NegotiatedGroup);
    }

    [Fact]
    public void Its_client_follows_our_HelloRetryRequest()
    {
        using GnuTlsPeer client = Start("client", $"{Base}:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1", "none", "chat/1");
        using TlsSession server = Server(groups: [TlsGroup.Secp256r1]);
        Assert.Equal(2, AssertAgreement(server, client, Side.Server).Count(message => message is { Level: EncryptionLevel.Initial, From: Side.Client }));
        Assert.Equal((int)TlsGroup.Secp256r1, server.NegotiatedGroup);
    }

    [Fact]
    public void Our_client_ignores_the_tickets_it_sends_afterwards()
    {
        using GnuTlsPeer server = Start("server", Base, "ed25519", "chat/1");
        using TlsSession client = Client(server);
        Assert.Contains(AssertAgreement(client, server, Side.Client), message => message is { Level: EncryptionLevel.Application, From: Side.Server });
    }

    [Fact]
    public void Both_call_a_missing_protocol_by_the_same_alert()
    {
        using GnuTlsPeer server = Start("server", Base, "ed25519", "other/1");
        using TlsSession client = Client(server);
        Assert.Null(client.Start());
        Exchange(client, server, Side.Client);
        Assert.Equal(120, server.Alert);

        using GnuTlsPeer otherClient = Start("client", Base, "none", "other/1");
        using TlsSession otherServer = Server();
        Assert.Equal((TransportErrorCode)(0x0100 + 120), Exchange(otherServer, otherClient, Side.Server).Error?.Code);
    }

    [Fact]
    public void Both_call_a_missing_client_certificate_by_the_same_alert()
    {
        using GnuTlsPeer server = Start("server", Base, "ed25519", "chat/1", "request");
        using TlsSession client = Client(server);
        Assert.Null(client.Start());
        Exchange(client, server, Side.Client);
        Assert.NotNull(server.Error);
        Assert.Equal(116, server.Alert);

        using GnuTlsPeer otherClient = Start("client", Base, "none", "chat/1");
        using TlsSession otherServer = Server(requireCertificate: true, pin: new byte[] { 0x30, 0x00 });
        Assert.Equal((TransportErrorCode)(0x0100 + 116), Exchange(otherServer, otherClient, Side.Server).Error?.Code);
    }

    [Fact]
    public void A_client_of_its_in_compatibility_mode_is_a_protocol_violation()
    {
        using GnuTlsPeer client = Start("client", "NORMAL:-VERS-ALL:+VERS-TLS1.3", "none", "chat/1");
        using TlsSession server = Server();
        Assert.Equal(TransportErrorCode.ProtocolViolation, Exchange(server, client, Side.Server).Error?.Code);
    }

    private static TlsCredential Certificate(SignatureAlgorithm algorithm) =>
        SelfSignedCertificate.Create(algorithm, [Host], _notBefore, _notBefore.AddYears(20), SystemRandomSource.Instance);

    private static TlsSession Client(GnuTlsPeer server, TlsCredential? credential = null) => TlsSession.CreateClient(
        new TlsClientOptions
        {
            TargetHost = Host,
            ApplicationProtocols = ["chat/1"],
            CertificateValidator = new PinnedCertificateValidator(PinnedCertificateValidator.Pin(server.Certificate)),
            Credential = credential,
            Groups = [TlsGroup.X25519, TlsGroup.Secp256r1],
        },
        SystemRandomSource.Instance,
        _parameters);

    private static TlsSession Server(
        TlsCredential? credential = null, IReadOnlyList<TlsGroup>? groups = null, bool requireCertificate = false, byte[]? pin = null) => TlsSession.CreateServer(
        new TlsServerOptions
        {
            Credential = credential ?? Certificate(SignatureAlgorithm.Ed25519),
            ApplicationProtocols = ["chat/1"],
            RequireClientCertificate = requireCertificate,
            CertificateValidator = requireCertificate ? new KeyValidator(pin!) : null,
            Groups = groups ?? TlsGroups.Default,
        },
        SystemRandomSource.Instance,
        _parameters);

    /// <summary>Runs a handshake that must work, and compares all that both ends should know alike.</summary>
    private static List<(Side From, EncryptionLevel Level)> AssertAgreement(TlsSession ours, GnuTlsPeer theirs, Side side)
    {
        Assert.Null(ours.Start());
        (List<(Side From, EncryptionLevel Level)> wire, TransportError? error) = Exchange(ours, theirs, side);
        Assert.Null(error);
        Assert.Null(theirs.Error);
        Assert.True(ours.IsComplete);
        Assert.True(theirs.IsDone);
        Assert.Equal("chat/1", ours.ApplicationProtocol);
        Assert.Equal("chat/1", theirs.Protocol);
        Assert.Equal([0x04, 0x01, 0x42], ours.PeerTransportParameters!.Value.ToArray());
        Assert.Equal(_parameters, theirs.PeerParameters);
        var exported = new byte[32];
        Assert.True(ours.TryExport("EXPORTER-chat", [1], exported));
        Assert.Equal(theirs.Exported, exported);
        int levels = 0;
        while (ours.TryTakeSecrets(out TrafficSecrets secrets))
        {
            levels++;
            (byte[]? read, byte[]? write) = theirs.Secrets[secrets.Level];
            Assert.Equal(read, secrets.Write.Span.ToArray());
            Assert.Equal(write, secrets.Read.Span.ToArray());
            secrets.Read.Dispose();
            secrets.Write.Dispose();
        }

        Assert.Equal(2, levels);
        return wire;
    }

    private static (List<(Side From, EncryptionLevel Level)> Wire, TransportError? Error) Exchange(TlsSession ours, GnuTlsPeer theirs, Side side)
    {
        Side other = side == Side.Client ? Side.Server : Side.Client;
        var wire = new List<(Side From, EncryptionLevel Level)>();
        for (bool any = true; any;)
        {
            any = false;
            while (ours.TryTakeOutput(out EncryptionLevel level, out ReadOnlyMemory<byte> bytes) && theirs.Error is null)
            {
                any = true;
                wire.Add((side, level));
                theirs.Receive(level, bytes.Span);
            }

            while (theirs.Output.TryDequeue(out (EncryptionLevel Level, byte[] Bytes) message))
            {
                any = true;
                wire.Add((other, message.Level));
                if (ours.Receive(message.Level, message.Bytes) is { } error)
                {
                    return (wire, error);
                }
            }
        }

        return (wire, null);
    }

    private GnuTlsPeer Start(params string[] arguments)
    {
        Assert.SkipWhen(program.Missing is not null, program.Missing ?? "");
        return new GnuTlsPeer(program, arguments);
    }

    private sealed class KeyValidator(byte[] certificate) : IPeerCertificateValidator
    {
        public byte? Validate(IReadOnlyList<ReadOnlyMemory<byte>> chain, string? targetHost) => chain[0].Span.SequenceEqual(certificate) ? null : (byte)42;
    }
}
