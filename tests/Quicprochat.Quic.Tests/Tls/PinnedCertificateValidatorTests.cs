using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

public sealed class PinnedCertificateValidatorTests
{
    private static readonly ReadOnlyMemory<byte> _known = TlsPair.Ed25519.CertificateChain[0];
    private static readonly ReadOnlyMemory<byte> _unknown = TlsPair.Ecdsa.CertificateChain[0];

    [Fact]
    public void A_pin_is_the_SHA_256_of_the_subject_public_key_info()
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(_unknown.Span);
        Assert.Equal(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()), PinnedCertificateValidator.Pin(_unknown.Span));
    }

    [Fact]
    public void The_holder_of_a_pinned_key_is_accepted_whatever_the_name()
    {
        var validator = new PinnedCertificateValidator(new byte[32], PinnedCertificateValidator.Pin(_known.Span));
        Assert.Null(validator.Validate([_known, _unknown], "other.example"));
        Assert.Null(validator.Validate([_known], null));
    }

    [Fact]
    public void Anyone_else_is_refused()
    {
        var validator = new PinnedCertificateValidator(PinnedCertificateValidator.Pin(_known.Span));
        Assert.Equal((byte)46, validator.Validate([_unknown, _known], TlsPair.Host));
        Assert.Equal((byte)116, validator.Validate([], null));
        Assert.Equal((byte)42, validator.Validate([new byte[] { 0x30, 0x00 }], null));
    }

    [Fact]
    public void It_guards_a_handshake()
    {
        TlsClientOptions pinned = TlsPair.ClientOptions with { CertificateValidator = new PinnedCertificateValidator(PinnedCertificateValidator.Pin(_known.Span)) };
        using TlsPair good = new TlsPair(pinned).RunToCompletion();
        using TlsPair bad = new TlsPair(pinned, TlsPair.ServerOptions with { Credential = TlsPair.Ecdsa }).Run();
        Assert.Equal(Errors.Alert(46), bad.ClientError?.Code);
    }

    [Fact]
    public void Pins_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new PinnedCertificateValidator());
        Assert.Throws<ArgumentException>(() => new PinnedCertificateValidator(new byte[31]));
        Assert.Throws<ArgumentException>(() => PinnedCertificateValidator.Pin([1, 2, 3]));
    }
}
