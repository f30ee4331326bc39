using Org.BouncyCastle.Tls;
using Quicprochat.Crypto;
using Quicprochat.Quic.Tls.BouncyCastle;

namespace Quicprochat.Quic.Tls;

/// <summary>The server's end.</summary>
internal sealed class ServerTlsSession : TlsSession
{
    private TlsServerOptions? _options;
    private ReadOnlyMemory<byte> _transportParameters;
    private byte[]? _clientHello;

    public ServerTlsSession(TlsServerOptions options, IRandomSource random, ReadOnlyMemory<byte> transportParameters)
        : base(Side.Server, random, options.KeyLog)
    {
        TlsOptions.Require(options.ApplicationProtocols, options.Groups, options.CipherSuites);
        TlsOptions.Require(options.Credential);
        RequestsCertificate = options.RequestClientCertificate || options.RequireClientCertificate;
        if (RequestsCertificate && options.CertificateValidator is null)
        {
            throw new ArgumentException("A client's certificate is asked for and nothing would judge it.", nameof(options));
        }

        _options = options;
        _transportParameters = transportParameters;
    }

    /// <summary>True when the client is asked for a certificate.</summary>
    internal bool RequestsCertificate { get; }

    private protected override TlsProtocol StartEngine(EngineCrypto crypto)
    {
        var protocol = new ServerProtocol(this);
        protocol.Accept(new ServerPeer(this, crypto, _options!, _transportParameters.ToArray()));
        _options = null;
        _transportParameters = default;
        return protocol;
    }

    private protected override TransportError? CheckMessage(ReadOnlySpan<byte> message)
    {
        if (ReadLevel != Packets.EncryptionLevel.Initial)
        {
            _clientHello = null;
            return null;
        }

        TransportError? error = ClientHello.TryRead(message, out _, out ClientHelloInfo? info);
        if (error is not null)
        {
            return error;
        }

        if (_clientHello is not null)
        {
            return ClientHello.IsRetryOf(_clientHello, message) ? null : TlsAlert.ToError(TlsAlert.IllegalParameter); // RFC 9846 §4.2.2
        }

        ServerName = info!.ServerName;
        _clientHello = message.ToArray();
        return null;
    }

    private protected override TransportError? CheckPostHandshakeType(HandshakeType type) => TlsAlert.ToError(TlsAlert.UnexpectedMessage); // RFC 9846 §4.7

    private protected override TransportError? HandlePostHandshakeMessage(ReadOnlySpan<byte> body) => TlsAlert.ToError(TlsAlert.UnexpectedMessage);
}
