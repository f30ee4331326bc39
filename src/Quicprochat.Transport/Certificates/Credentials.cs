using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Transport.Certificates;

/// <summary>Turns .NET's certificates with private keys into TLS credentials, once for each certificate object.</summary>
public static class Credentials
{
    private static readonly ConditionalWeakTable<X509Certificate, TlsCredential> _fromCertificate = [];
    private static readonly ConditionalWeakTable<SslStreamCertificateContext, TlsCredential> _fromContext = [];

    /// <summary>A credential that shows <paramref name="certificate"/> alone; a chain needs <see cref="Of(SslStreamCertificateContext)"/>.</summary>
    /// <exception cref="ArgumentException">It has no private key, or one that TLS 1.3 cannot use.</exception>
    public static TlsCredential Of(X509Certificate2 certificate) =>
        _fromCertificate.GetValue(certificate, static key => Create((X509Certificate2)key, []));

    /// <summary>A credential that shows a certificate and those above it.</summary>
    /// <exception cref="ArgumentException">It has no private key, or one that TLS 1.3 cannot use.</exception>
    public static TlsCredential Of(SslStreamCertificateContext context) =>
        _fromContext.GetValue(context, static key => Create(key.TargetCertificate, key.IntermediateCertificates));

    private static TlsCredential Create(X509Certificate2 certificate, IReadOnlyCollection<X509Certificate2> intermediates)
    {
        if (!certificate.HasPrivateKey)
        {
            throw new ArgumentException("The certificate has no private key.", nameof(certificate));
        }
        ITlsSigner signer = certificate.GetECDsaPrivateKey() is { } ecdsa ? new EcdsaSigner(ecdsa)
            : certificate.GetRSAPrivateKey() is { } rsa ? new RsaSigner(rsa)
            : throw new ArgumentException("The certificate's key is neither ECDSA nor RSA; give other keys as a TlsCredential.", nameof(certificate));
        return new TlsCredential([certificate.RawDataMemory, .. intermediates.Select(static above => above.RawDataMemory)], signer);
    }
}
