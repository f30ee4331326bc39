using Quicprochat.Crypto.Signatures;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

public sealed class MutualTlsTests
{
    private static readonly TlsCredential _aliceEd25519 = TlsPair.Certificate(SignatureAlgorithm.Ed25519, "alice.example");
    private static readonly TlsCredential _aliceEcdsa = TlsPair.Certificate(SignatureAlgorithm.EcdsaP256Sha256, "alice.example");

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Each_end_is_shown_the_other_once_with_the_very_bytes(bool serverEcdsa, bool clientEcdsa)
    {
        TlsCredential serverCredential = serverEcdsa ? TlsPair.Ecdsa : TlsPair.Ed25519;
        TlsCredential clientCredential = clientEcdsa ? _aliceEcdsa : _aliceEd25519;
        var byClient = new RecordingValidator();
        var byServer = new RecordingValidator();
        using TlsPair pair = new TlsPair(
            TlsPair.ClientOptions with { Credential = clientCredential, CertificateValidator = byClient },
            TlsPair.ServerOptions with { Credential = serverCredential, RequireClientCertificate = true, CertificateValidator = byServer }).RunToCompletion();

        (ReadOnlyMemory<byte>[] chain, string? host) = Assert.Single(byClient.Calls);
        Assert.Equal(TlsPair.Host, host);
        Assert.Equal(serverCredential.CertificateChain[0].ToArray(), Assert.Single(chain).ToArray());
        (chain, host) = Assert.Single(byServer.Calls);
        Assert.Null(host);
        Assert.Equal(clientCredential.CertificateChain[0].ToArray(), Assert.Single(chain).ToArray());
        Assert.Equal(clientCredential.CertificateChain[0].ToArray(), Assert.Single(pair.Server.PeerCertificates).ToArray());
    }

    [Fact]
    public void A_client_without_a_certificate_is_judged_by_an_empty_chain_where_one_is_only_requested()
    {
        var validator = new RecordingValidator();
        using TlsPair pair = new TlsPair(
            null, TlsPair.ServerOptions with { RequestClientCertificate = true, CertificateValidator = validator }).RunToCompletion();
        Assert.Empty(Assert.Single(validator.Calls).Chain);
        Assert.Empty(pair.Server.PeerCertificates);
    }

    [Fact]
    public void A_client_without_a_certificate_is_refused_where_one_is_required()
    {
        var validator = new RecordingValidator();
        using TlsPair pair = new TlsPair(
            null, TlsPair.ServerOptions with { RequireClientCertificate = true, CertificateValidator = validator }).Run();
        Assert.Equal(Errors.Alert(116), pair.ServerError?.Code);
        Assert.Empty(validator.Calls);
        Assert.False(pair.Server.IsComplete);
    }

    [Fact]
    public void The_servers_validator_can_refuse_the_client()
    {
        using TlsPair pair = new TlsPair(
            TlsPair.ClientOptions with { Credential = _aliceEd25519 },
            TlsPair.ServerOptions with { RequireClientCertificate = true, CertificateValidator = new RecordingValidator(answer: 49) }).Run();
        Assert.Equal(Errors.Alert(49), pair.ServerError?.Code);
    }

    [Fact]
    public void A_client_that_is_not_asked_shows_nothing()
    {
        using TlsPair pair = new TlsPair(TlsPair.ClientOptions with { Credential = _aliceEd25519 }).RunToCompletion();
        Assert.Empty(pair.Server.PeerCertificates);
    }

    [Fact]
    public void A_client_whose_scheme_the_server_does_not_accept_shows_nothing()
    {
        var p521 = new StubSigner(0x0603, _ => throw new InvalidOperationException());
        using TlsPair pair = new TlsPair(
            TlsPair.ClientOptions with { Credential = _aliceEd25519 with { Signer = p521 } },
            TlsPair.ServerOptions with { RequestClientCertificate = true, CertificateValidator = new RecordingValidator() }).RunToCompletion();
        Assert.Empty(pair.Server.PeerCertificates);
    }

    [Fact]
    public void A_client_that_does_not_hold_the_key_is_refused()
    {
        using TlsPair pair = new TlsPair(
            TlsPair.ClientOptions with { Credential = _aliceEd25519 with { Signer = TlsPair.Ed25519.Signer } },
            TlsPair.ServerOptions with { RequireClientCertificate = true, CertificateValidator = new RecordingValidator() }).Run();
        Assert.Equal(Errors.Alert(51), pair.ServerError?.Code);
    }

    [Fact]
    public void A_client_that_leaves_out_CertificateVerify_is_refused()
    {
        using var pair = new TlsPair(
            TlsPair.ClientOptions with { Credential = _aliceEd25519 },
            TlsPair.ServerOptions with { RequireClientCertificate = true, CertificateValidator = new RecordingValidator() })
        {
            Tamper = (from, _, bytes) => from == Side.Client && bytes[0] == (byte)HandshakeType.CertificateVerify ? [] : bytes,
        };
        pair.Run();
        Assert.Equal(Errors.Alert(10), pair.ServerError?.Code);
    }
}
