using Org.BouncyCastle.Tls;
using Quicprochat.Crypto;
using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Tls.BouncyCastle;

namespace Quicprochat.Quic.Tls;

/// <summary>The client's end.</summary>
internal sealed class ClientTlsSession : TlsSession
{
    private TlsClientOptions? _options;
    private ReadOnlyMemory<byte> _transportParameters;

    public ClientTlsSession(TlsClientOptions options, IRandomSource random, ReadOnlyMemory<byte> transportParameters)
        : base(Side.Client, random, options.KeyLog)
    {
        TlsOptions.Require(options.ApplicationProtocols, options.Groups, options.CipherSuites);
        TlsOptions.RequireHost(options.TargetHost);
        if (options.Credential is { } credential)
        {
            TlsOptions.Require(credential);
        }

        _options = options;
        _transportParameters = transportParameters;
        ServerName = HostName.ForServerName(options.TargetHost);
    }

    private protected override TlsProtocol StartEngine(EngineCrypto crypto)
    {
        var protocol = new ClientProtocol(this);
        protocol.Connect(new ClientPeer(this, crypto, _options!, _transportParameters.ToArray()));
        _options = null;
        _transportParameters = default;
        return protocol;
    }

    private protected override TransportError? CheckPostHandshakeType(HandshakeType type) => type switch
    {
        HandshakeType.NewSessionTicket => null,
        HandshakeType.CertificateRequest =>
            new TransportError(TransportErrorCode.ProtocolViolation, FrameType.Crypto, "The server asked for a certificate after the handshake."), // RFC 9001 §4.4
        _ => TlsAlert.ToError(TlsAlert.UnexpectedMessage), // RFC 9846 §4.7
    };

    private protected override TransportError? HandlePostHandshakeMessage(ReadOnlySpan<byte> body) => NewSessionTicket.Check(body);
}
