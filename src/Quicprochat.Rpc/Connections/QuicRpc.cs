using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Transport;

namespace Quicprochat.Rpc.Connections;

/// <summary>Dials a server.</summary>
public static class QuicRpc
{
    /// <summary>Connects and completes the handshake. Nothing but the certificate's key has been checked of the server then, and nothing at all of the client.</summary>
    /// <exception cref="RpcConnectionException">Named by its <see cref="RpcConnectionError"/>. With <see cref="RpcConnectionError.Untrusted"/> and
    /// <see cref="RpcConnectionError.KeyChanged"/> it carries the key that was shown.</exception>
    public static async ValueTask<QuicRpcConnection> DialAsync(DialOptions options, CancellationToken cancellationToken = default)
    {
        var shown = new ShownKey(options.Pin);
        try
        {
            QuicClientConnectionOptions quic = OptionsOf(options, shown);
            QuicConnection connection = options.Endpoint is { } endpoint
                ? await endpoint.ConnectAsync(quic, cancellationToken)
                : await QuicConnection.ConnectAsync(quic, cancellationToken);
            return new QuicRpcConnection(connection, shown.Hash);
        }
        catch (AuthenticationException e) when (shown.Refused)
        {
            throw options.Pin is null
                ? new RpcConnectionException(RpcConnectionError.Untrusted, $"The certificate of {options.Host} is not one that this system trusts.", e) { ShownKeyHash = shown.Hash }
                : new RpcConnectionException(
                    RpcConnectionError.KeyChanged,
                    $"{options.Host} shows another key than the one known for it. Either its operator changed it, or somebody is in between. Ask the operator for the fingerprint.",
                    e)
                { ShownKeyHash = shown.Hash };
        }
        catch (AuthenticationException e)
        {
            throw e.InnerException is QuicException inner ? QuicFailures.Explain(inner) : new RpcConnectionException(RpcConnectionError.ProtocolMismatch, e.Message, e);
        }
        catch (SocketException e)
        {
            throw OfSocket(options.Host, e);
        }
        catch (QuicException e) when (e.InnerException is SocketException socket)
        {
            throw OfSocket(options.Host, socket);
        }
        catch (QuicException e)
        {
            throw QuicFailures.Explain(e);
        }
    }

    private static RpcConnectionException OfSocket(string host, SocketException e) =>
        e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery
            ? new RpcConnectionException(RpcConnectionError.HostUnknown, $"There is no host called {host}, or its name cannot be looked up just now.", e)
            : new RpcConnectionException(RpcConnectionError.Unreachable, $"{host} cannot be reached: {e.Message}.", e);

    private static QuicClientConnectionOptions OptionsOf(DialOptions options, ShownKey shown) => new()
    {
        RemoteEndPoint = IPAddress.TryParse(options.Host, out IPAddress? address) ? new IPEndPoint(address, options.Port) : new DnsEndPoint(options.Host, options.Port),
        ClientAuthenticationOptions = new SslClientAuthenticationOptions
        {
            TargetHost = options.Host,
            ApplicationProtocols = [new SslApplicationProtocol(options.Protocol)],
            RemoteCertificateValidationCallback = shown.Judge,
        },
        MaxInboundUnidirectionalStreams = 3,
        MaxInboundBidirectionalStreams = 0,
        DefaultCloseErrorCode = (long)CloseCode.None,
        DefaultStreamErrorCode = (long)StreamCode.Cancelled,
        HandshakeTimeout = options.HandshakeTimeout,
        KeepAliveInterval = options.KeepAlive,
        IdleTimeout = options.KeepAlive * 3,
        LoggerFactory = options.LoggerFactory,
    };

    /// <summary>Judges the server's key, and remembers which it was.</summary>
    private sealed class ShownKey(ReadOnlyMemory<byte>? pin)
    {
        public ReadOnlyMemory<byte> Hash { get; private set; }

        public bool Refused { get; private set; }

        public bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            if (certificate is not X509Certificate2 shown)
            {
                return false;
            }
            Hash = QuicRpcConnection.HashOf(shown);
            bool accepted = pin is { } known ? CryptographicOperations.FixedTimeEquals(known.Span, Hash.Span) : errors == SslPolicyErrors.None;
            Refused = !accepted;
            return accepted;
        }
    }
}
