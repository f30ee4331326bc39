using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

public sealed class CertificateFieldsTests
{
    public static TheoryData<string> Kinds => ["p256", "p384", "rsa", "p256 with key usage", "p256 of version 1"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_public_key_is_the_one_dotnet_finds(string kind)
    {
        byte[] der = Create(kind);
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
        Assert.True(CertificateFields.TryRead(der, out CertificateFields fields));
        Assert.Equal(certificate.PublicKey.ExportSubjectPublicKeyInfo(), fields.SubjectPublicKeyInfo.ToArray());
        Assert.Equal(certificate.PublicKey.EncodedKeyValue.RawData, fields.PublicKey.ToArray());
        Assert.Equal(certificate.PublicKey.EncodedParameters!.RawData, fields.KeyParameters.ToArray());
        Assert.True(fields.MaySign);
    }

    [Theory]
    [InlineData(X509KeyUsageFlags.DigitalSignature, true)]
    [InlineData(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true)]
    [InlineData(X509KeyUsageFlags.KeyEncipherment, false)]
    [InlineData(X509KeyUsageFlags.DecipherOnly, false)]
    public void Key_usage_decides_whether_it_may_sign(X509KeyUsageFlags usage, bool maySign)
    {
        using var key = RSA.Create(2_048);
        var request = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        Assert.True(CertificateFields.TryRead(SelfSign(request), out CertificateFields fields));
        Assert.Equal(maySign, fields.MaySign);
    }

    [Fact]
    public void Every_prefix_is_refused_and_so_is_a_byte_too_many()
    {
        byte[] der = Create("p256 with key usage");
        for (int length = 0; length < der.Length; length++)
        {
            Assert.False(CertificateFields.TryRead(der.AsSpan(0, length), out _));
        }

        Assert.False(CertificateFields.TryRead([.. der, 0], out _));
    }

    [Fact]
    public void Any_bytes_give_an_answer_and_never_an_exception()
    {
        byte[] der = Create("p256 with key usage");
        var random = new Random(3);
        int read = 0;
        for (int i = 0; i < 50_000; i++)
        {
            byte[] mutated = [.. der];
            for (int n = random.Next(1, 5); n > 0; n--)
            {
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            }

            read += CertificateFields.TryRead(mutated, out _) ? 1 : 0;
        }

        Assert.InRange(read, 1, 49_999);
    }

    private static byte[] Create(string kind)
    {
        if (kind == "rsa")
        {
            using var rsa = RSA.Create(2_048);
            return SelfSign(new CertificateRequest("CN=a", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }

        using var key = ECDsa.Create(kind == "p384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256);
        if (kind == "p256 with key usage")
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        }

        byte[] der = SelfSign(request);
        return kind == "p256 of version 1" ? WithoutVersion(der) : der;
    }

    private static byte[] SelfSign(CertificateRequest request)
    {
        var notBefore = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using X509Certificate2 certificate = request.CreateSelfSigned(notBefore, notBefore.AddYears(1));
        return certificate.RawData;
    }

    /// <summary>Cuts version [0] out of a certificate whose two outer lengths take two bytes or one; what is left has version 1.</summary>
    private static byte[] WithoutVersion(byte[] der)
    {
        int version = der.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xa0, 0x03, 0x02, 0x01, 0x02]);
        byte[] tbs = Content(der, out _);
        byte[] rest = der[(der.Length - tbs.Length)..];
        byte[] tbsContent = Content(rest, out int tbsSize);
        byte[] shorter = Wrap(tbsContent[5..]);
        Assert.True(version > 0);
        return Wrap([.. shorter, .. rest[tbsSize..]]);
    }

    private static byte[] Content(byte[] der, out int size)
    {
        int header = der[1] < 0x80 ? 2 : 2 + (der[1] & 0x7f);
        int length = der[1] < 0x80 ? der[1] : der.AsSpan(2, header - 2).ToArray().Aggregate(0, (sum, octet) => (sum << 8) | octet);
        size = header + length;
        return der[header..size];
    }

    private static byte[] Wrap(byte[] content) => content.Length < 0x80 ? [0x30, (byte)content.Length, .. content]
        : content.Length < 0x100 ? [0x30, 0x81, (byte)content.Length, .. content]
        : [0x30, 0x82, (byte)(content.Length >> 8), (byte)content.Length, .. content];
}
