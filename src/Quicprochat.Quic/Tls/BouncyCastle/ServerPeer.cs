using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>What BouncyCastle asks a server during the handshake.</summary>
internal sealed class ServerPeer(ServerTlsSession session, EngineCrypto crypto, TlsServerOptions options, byte[] transportParameters)
    : AbstractTlsServer(crypto)
{
    public override int GetMaxHandshakeMessageSize() => HandshakeBuffer.BodySizeMax;

    /// <summary>The session counts them: BouncyCastle would call a long chain an internal error.</summary>
    public override int GetMaxCertificateChainLength() => int.MaxValue;

    /// <summary>The signatures inside the chain are the validator's to judge.</summary>
    public override bool ShouldCheckSigAlgOfPeerCerts() => false;

    public override int[] GetSupportedGroups() => [.. options.Groups.Select(group => (int)group)];

    public override bool PreferLocalSupportedGroups() => true;

    public override void ProcessClientExtensions(IDictionary<int, byte[]> clientExtensions)
    {
        base.ProcessClientExtensions(clientExtensions);

        // Record sizes mean nothing in QUIC (RFC 9001 §4): an agreed one would only make BouncyCastle refuse long messages.
        m_maxFragmentLengthOffered = -1;
        session.OnPeerTransportParameters(clientExtensions[TlsExtensionType.QuicTransportParameters]);
    }

    public override IDictionary<int, byte[]> GetServerExtensions()
    {
        IDictionary<int, byte[]> extensions = base.GetServerExtensions();
        extensions[TlsExtensionType.QuicTransportParameters] = transportParameters;
        return extensions;
    }

    public override TlsCredentials GetCredentials() =>
        SignatureSchemes.Contain(m_context.SecurityParameters.ClientSigAlgs, options.Credential.Signer.SignatureScheme)
            ? new EngineCredential(options.Credential, new MemoryStream())
            : throw new TlsFatalAlert(AlertDescription.handshake_failure); // RFC 9846 §4.3.3

    public override CertificateRequest? GetCertificateRequest() => session.RequestsCertificate
        ? new CertificateRequest([], SignatureSchemes.Accepted, SignatureSchemes.AcceptedInCertificates, null)
        : null;

    public override void NotifyClientCertificate(Certificate clientCertificate)
    {
        if (clientCertificate.IsEmpty && options.RequireClientCertificate)
        {
            throw new TlsFatalAlert(AlertDescription.certificate_required); // RFC 9846 §4.5.1.3
        }

        session.OnPeerCertificates(clientCertificate, options.CertificateValidator!, targetHost: null);
    }

    public override void NotifyHandshakeComplete() => session.OnComplete(m_context);

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.TLSv13.Only();

    protected override int[] GetSupportedCipherSuites() => [.. options.CipherSuites.Select(suite => (int)suite)];

    protected override bool PreferLocalCipherSuites() => true;

    protected override bool AllowCertificateStatus() => false;

    protected override IList<ProtocolName> GetProtocolNames() => [.. options.ApplicationProtocols.Select(ProtocolName.AsUtf8Encoding)];
}
