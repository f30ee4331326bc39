using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Quicprochat.Transport.Tests;

/// <summary>A certificate authority and what it issued, made once for a test run.</summary>
internal static class TestCertificates
{
    private static readonly DateTimeOffset _start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _end = new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    public const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    public static X509Certificate2 Authority { get; } = CreateAuthority("CN=test authority");

    public static X509Certificate2 Server { get; } = Issue(Authority, "CN=server", ["localhost", "server.test"], ServerUsage);

    public static X509Certificate2 Client { get; } = Issue(Authority, "CN=client", [], ClientUsage);

    /// <summary>Trusts <see cref="Authority"/> alone.</summary>
    public static X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(Authority.RawData));
        return policy;
    }

    public static X509Certificate2 CreateAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(_start.AddDays(-1), _end.AddDays(1));
    }

    public static X509Certificate2 Issue(X509Certificate2 issuer, string name, string[] hosts, string? usage, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        AddExtensions(request, hosts, usage);
        using X509Certificate2 bare = request.Create(issuer, notBefore ?? _start, notAfter ?? _end, RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }

    /// <summary>As <see cref="Issue"/>, also where the issuer may not issue.</summary>
    public static X509Certificate2 IssueUnchecked(X509Certificate2 issuer, string name, string[] hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        AddExtensions(request, hosts, ServerUsage);
        using ECDsa issuerKey = issuer.GetECDsaPrivateKey()!;
        return request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuerKey), _start, _end, RandomNumberGenerator.GetBytes(8));
    }

    public static X509Certificate2 IssueRsa(X509Certificate2 issuer, string name, string[] hosts)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        AddExtensions(request, hosts, ServerUsage);
        using var issuerKey = issuer.GetECDsaPrivateKey()!;
        using X509Certificate2 bare = request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuerKey), _start, _end, RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }

    private static void AddExtensions(CertificateRequest request, string[] hosts, string? usage)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (usage is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        }
        if (hosts.Length > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (string host in hosts)
            {
                if (IPAddress.TryParse(host, out IPAddress? address))
                {
                    names.AddIpAddress(address);
                }
                else
                {
                    names.AddDnsName(host);
                }
            }
            request.CertificateExtensions.Add(names.Build());
        }
    }
}
