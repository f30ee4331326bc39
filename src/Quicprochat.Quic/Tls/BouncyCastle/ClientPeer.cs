using System.Text;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>What BouncyCastle asks a client during the handshake.</summary>
internal sealed class ClientPeer(ClientTlsSession session, EngineCrypto crypto, TlsClientOptions options, byte[] transportParameters)
    : AbstractTlsClient(crypto), TlsAuthentication
{
    public override int GetMaxHandshakeMessageSize() => HandshakeBuffer.BodySizeMax;

    /// <summary>The session counts them: BouncyCastle would call a long chain an internal error.</summary>
    public override int GetMaxCertificateChainLength() => int.MaxValue;

    /// <summary>False leaves legacy_session_id empty (RFC 9001 §8.4).</summary>
    public override bool ShouldUseCompatibilityMode() => false;

    /// <summary>The signatures inside the chain are the validator's to judge.</summary>
    public override bool ShouldCheckSigAlgOfPeerCerts() => false;

    /// <summary>One key share, for the group liked best: a second would cost 32 bytes or a kilobyte in every ClientHello.</summary>
    public override IList<int> GetEarlyKeyShareGroups() => [(int)options.Groups[0]];

    public override IDictionary<int, byte[]> GetClientExtensions()
    {
        IDictionary<int, byte[]> extensions = base.GetClientExtensions();
        extensions[TlsExtensionType.QuicTransportParameters] = transportParameters;
        return extensions;
    }

    public override void ProcessServerExtensions(IDictionary<int, byte[]> serverExtensions)
    {
        base.ProcessServerExtensions(serverExtensions);
        string? protocol = m_context.SecurityParameters.ApplicationProtocol?.GetUtf8Decoding();
        if (protocol is null)
        {
            throw new TlsFatalAlert(AlertDescription.no_application_protocol); // RFC 9001 §8.1
        }

        if (!options.ApplicationProtocols.Contains(protocol))
        {
            throw new TlsFatalAlert(AlertDescription.illegal_parameter); // RFC 7301 §3.1
        }

        session.OnPeerTransportParameters(serverExtensions.TryGetValue(TlsExtensionType.QuicTransportParameters, out byte[]? parameters)
            ? parameters
            : throw new TlsFatalAlert(AlertDescription.missing_extension)); // RFC 9001 §8.2
    }

    public override TlsAuthentication GetAuthentication() => this;

    public void NotifyServerCertificate(TlsServerCertificate serverCertificate) =>
        session.OnPeerCertificates(serverCertificate.Certificate, options.CertificateValidator, options.TargetHost);

    /// <summary>Null shows no certificate: there is none, or the server cannot check its signature.</summary>
    public TlsCredentials? GetClientCredentials(CertificateRequest certificateRequest) =>
        options.Credential is { } credential && SignatureSchemes.Contain(certificateRequest.SupportedSignatureAlgorithms, credential.Signer.SignatureScheme)
            ? new EngineCredential(credential, new MemoryStream())
            : null;

    public override void NotifyHandshakeComplete() => session.OnComplete(m_context);

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.TLSv13.Only();

    protected override int[] GetSupportedCipherSuites() => [.. options.CipherSuites.Select(suite => (int)suite)];

    protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles) => [.. options.Groups.Select(group => (int)group)];

    protected override IList<SignatureAndHashAlgorithm> GetSupportedSignatureAlgorithms() => SignatureSchemes.Accepted;

    protected override IList<SignatureAndHashAlgorithm> GetSupportedSignatureAlgorithmsCert() => SignatureSchemes.AcceptedInCertificates;

    protected override IList<ProtocolName> GetProtocolNames() => [.. options.ApplicationProtocols.Select(ProtocolName.AsUtf8Encoding)];

    protected override IList<ServerName>? GetSniServerNames() =>
        HostName.ForServerName(options.TargetHost) is { } name ? [new ServerName(NameType.host_name, Encoding.ASCII.GetBytes(name))] : null;

    protected override CertificateStatusRequest? GetCertificateStatusRequest() => null;
}
