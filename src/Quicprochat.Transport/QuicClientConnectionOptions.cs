using System.Net;
using System.Net.Security;
using Microsoft.Extensions.Logging;

namespace Quicprochat.Transport;

/// <summary>How to dial.</summary>
public sealed class QuicClientConnectionOptions : QuicConnectionOptions
{
    /// <summary>
    /// TLS. Used are ApplicationProtocols (at least one), TargetHost, RemoteCertificateValidationCallback, CertificateChainPolicy, ClientCertificates,
    /// ClientCertificateContext, LocalCertificateSelectionCallback and CipherSuitesPolicy. The validation callback runs on the endpoint's thread: it must not wait for anything.
    /// </summary>
    public SslClientAuthenticationOptions ClientAuthenticationOptions { get; set; } = null!;

    /// <summary>Whom to dial: an <see cref="IPEndPoint"/> or a <see cref="DnsEndPoint"/>.</summary>
    public EndPoint RemoteEndPoint { get; set; } = null!;

    /// <summary>Where to dial from; null for any address, on a socket shared by all that say so.</summary>
    public IPEndPoint? LocalEndPoint { get; set; }

    /// <summary>Where to log. Null for nowhere, or where the endpoint logs.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }
}
