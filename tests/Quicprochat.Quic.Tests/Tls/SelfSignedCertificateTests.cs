using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Crypto.Signatures;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

public sealed class SelfSignedCertificateTests
{
    private static readonly DateTimeOffset _notBefore = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);
    private static readonly DateTimeOffset _notAfter = _notBefore.AddDays(14);

    [Theory]
    [InlineData(SignatureAlgorithm.EcdsaP256Sha256)]
    [InlineData(SignatureAlgorithm.Ed25519)]
    public void It_says_what_it_was_told(SignatureAlgorithm algorithm)
    {
        TlsCredential credential = Create(algorithm, ["chat.example", "192.0.2.7", "2001:db8::7"]);
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(credential.CertificateChain[0].Span);
        Assert.Equal("CN=chat.example", certificate.Subject);
        Assert.Equal(certificate.Subject, certificate.Issuer);
        Assert.Equal(3, certificate.Version);
        Assert.Equal(_notBefore, certificate.NotBefore.ToUniversalTime());
        Assert.Equal(_notAfter, certificate.NotAfter.ToUniversalTime());
        Assert.Equal(16, certificate.SerialNumberBytes.Length);
        Assert.True(certificate.MatchesHostname("chat.example", allowWildcards: false, allowCommonName: false));
        Assert.True(certificate.MatchesHostname("192.0.2.7"));
        Assert.True(certificate.MatchesHostname("2001:db8::7"));
        Assert.False(certificate.MatchesHostname("other.example"));
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, certificate.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(
            ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"],
            certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>().Select(oid => oid.Value!));
    }

    [Theory]
    [InlineData(SignatureAlgorithm.EcdsaP256Sha256)]
    [InlineData(SignatureAlgorithm.Ed25519)]
    public void It_is_valid_where_it_is_trusted_and_only_there(SignatureAlgorithm algorithm)
    {
        TlsCredential credential = Create(algorithm, ["chat.example"]);
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(credential.CertificateChain[0].Span);
        Assert.True(Build(certificate, certificate));
        byte[] forged = [.. certificate.RawData];
        forged[^1] ^= 1;
        using X509Certificate2 other = X509CertificateLoader.LoadCertificate(Create(algorithm, ["chat.example"], seed: 2).CertificateChain[0].Span);
        Assert.False(Build(certificate, other));
    }

    [Fact]
    public void The_same_seed_gives_the_same_Ed25519_certificate()
    {
        byte[] first = Create(SignatureAlgorithm.Ed25519, ["a.example"]).CertificateChain[0].ToArray();
        byte[] second = Create(SignatureAlgorithm.Ed25519, ["a.example"]).CertificateChain[0].ToArray();
        byte[] other = Create(SignatureAlgorithm.Ed25519, ["a.example"], seed: 2).CertificateChain[0].ToArray();
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Create(SignatureAlgorithm.Ed448, ["a.example"]));
        Assert.Throws<ArgumentException>(() => Create(SignatureAlgorithm.Ed25519, []));
        Assert.Throws<ArgumentException>(() => Create(SignatureAlgorithm.Ed25519, ["a.example", ""]));
        Assert.Throws<ArgumentException>(() => Create(SignatureAlgorithm.Ed25519, ["grüße.example"]));
        Assert.Throws<ArgumentException>(() => SelfSignedCertificate.Create(SignatureAlgorithm.Ed25519, ["a"], _notAfter, _notBefore, new SeededRandom(1)));
    }

    private static TlsCredential Create(SignatureAlgorithm algorithm, string[] names, int seed = 1) =>
        SelfSignedCertificate.Create(algorithm, names, _notBefore, _notAfter, new SeededRandom(seed));

    private static bool Build(X509Certificate2 leaf, X509Certificate2 root)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _notBefore.AddDays(1).UtcDateTime;
        return chain.Build(leaf);
    }
}
