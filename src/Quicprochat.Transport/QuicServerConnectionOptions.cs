using System.Net.Security;

namespace Quicprochat.Transport;

/// <summary>What a server chooses for one connection.</summary>
public sealed class QuicServerConnectionOptions : QuicConnectionOptions
{
    /// <summary>The options of a server.</summary>
    public QuicServerConnectionOptions()
    {
        MaxInboundBidirectionalStreams = 100;
        MaxInboundUnidirectionalStreams = 10;
    }

    /// <summary>
    /// TLS. Used are ApplicationProtocols (the listener's when null), ServerCertificate, ServerCertificateContext, ServerCertificateSelectionCallback,
    /// ClientCertificateRequired, RemoteCertificateValidationCallback, CertificateChainPolicy and CipherSuitesPolicy. The validation callback runs on the
    /// endpoint's thread: it must not wait for anything.
    /// </summary>
    public SslServerAuthenticationOptions ServerAuthenticationOptions { get; set; } = null!;
}
