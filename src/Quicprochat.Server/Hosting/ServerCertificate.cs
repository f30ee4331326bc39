using System.Buffers.Text;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Transport.Certificates;

namespace Quicprochat.Server.Hosting;

/// <summary>What the server shows in its handshakes, and the fingerprint that people pass on.</summary>
internal sealed class ServerCertificate
{
    public const string CertificateName = "certificate.pem";
    public const string KeyName = "key.pem";

    // Clients pin the key, so nobody gains by a short life: a renewal would only break pins.
    private const int SelfMadeYears = 50;

    private ServerCertificate(X509Certificate2 certificate, SslStreamCertificateContext? chain)
    {
        Authentication = new SslServerAuthenticationOptions { ServerCertificate = certificate, ServerCertificateContext = chain };
        Fingerprint = PublicKeyPin.Of(certificate);
        KeyHash = Base64Url.DecodeFromChars(Fingerprint);
    }

    /// <summary>For the handshake.</summary>
    public SslServerAuthenticationOptions Authentication { get; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo in base64url.</summary>
    public string Fingerprint { get; }

    /// <summary>The same, as bytes.</summary>
    public byte[] KeyHash { get; }

    /// <summary>The certificate of the options, or that of the data folder, which is made at the first start.</summary>
    /// <exception cref="QpcServerException">It cannot be used.</exception>
    public static ServerCertificate Load(QpcServerOptions options, string name, DateTimeOffset now)
    {
        if (options.CertificateFile is { } certificateFile && options.KeyFile is { } keyFile)
        {
            return Read(certificateFile, keyFile);
        }
        string certificate = Path.Combine(options.DataFolder, CertificateName);
        string key = Path.Combine(options.DataFolder, KeyName);
        if (!File.Exists(certificate) && !File.Exists(key))
        {
            Create(certificate, key, name, now);
        }
        return Read(certificate, key);
    }

    private static ServerCertificate Read(string certificateFile, string keyFile)
    {
        string certificates = ReadText(certificateFile, "certificate");
        string key = ReadText(keyFile, "key");
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificates);
            var certificate = X509Certificate2.CreateFromPem(certificates, key);
            return certificate.GetECDsaPublicKey() is null && certificate.GetRSAPublicKey() is null
                ? throw new CryptographicException("the key is of another kind.")
                : new ServerCertificate(certificate, chain.Count > 1 ? SslStreamCertificateContext.Create(certificate, chain, offline: true) : null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new QpcServerException(
                QpcServerError.CertificateUnusable,
                $"The certificate in {certificateFile} and the key in {keyFile} cannot be used: {e.Message} Both must be PEM, belong together, and be ECDSA or RSA; the key must not be encrypted.",
                e);
        }
    }

    private static string ReadText(string file, string what)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new QpcServerException(
                QpcServerError.CertificateUnusable, $"The {what} file {file} cannot be read: {e.Message} Name a PEM file that the server's user may read.", e);
        }
    }

    private static void Create(string certificateFile, string keyFile, string name, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string host = ServerNames.HostOf(name).Trim('[', ']');
        var request = new CertificateRequest(new X500DistinguishedName("CN=quicprochat server"), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (System.Net.IPAddress.TryParse(host, out System.Net.IPAddress? address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(SelfMadeYears));
        try
        {
            // The key first: a start that is cut off between the two leaves a key without a certificate, which the next start says.
            DataFolder.WriteSecret(keyFile, key.ExportPkcs8PrivateKeyPem());
            DataFolder.WriteSecret(certificateFile, certificate.ExportCertificatePem());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataFolder.Unusable(Path.GetDirectoryName(keyFile)!, e);
        }
    }
}
