using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Transport;

namespace QuicPeer;

/// <summary>Dials one server from one socket, and remembers what was negotiated.</summary>
internal sealed class Client : IAsyncDisposable
{
    private readonly QuicEndpoint _endpoint;
    private readonly EndPoint _server;

    private readonly X509ChainPolicy? _roots = Roots();

    private Client(QuicEndpoint endpoint, EndPoint server)
    {
        _endpoint = endpoint;
        _server = server;
    }

    public string Group { get; private set; } = "";

    public string CipherSuite { get; private set; } = "";

    public static Client Open(string server) => new(QuicEndpoint.Open(new QuicEndpointOptions()), Settings.ParseEndPoint(server));

    public async Task<QuicConnection> DialAsync(SslApplicationProtocol protocol)
    {
        QuicConnection connection = await _endpoint.ConnectAsync(Settings.Apply(new QuicClientConnectionOptions
        {
            RemoteEndPoint = _server,
            ClientAuthenticationOptions = new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ApplicationProtocols = [protocol],
                CertificateChainPolicy = _roots,
            },
            CertificatePins = Settings.Pin is { } pin ? [pin] : null,
        }));
        Group = connection.NegotiatedGroup;
        CipherSuite = connection.NegotiatedCipherSuite.ToString();
        return connection;
    }

    /// <summary>Goes on from another local port.</summary>
    public ValueTask MoveAsync() => _endpoint.RebindAsync();

    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();

    /// <summary>The certificate authority of CERTS, otherwise the system's.</summary>
    private static X509ChainPolicy? Roots()
    {
        if (Settings.CertificateFolder is not { } folder)
        {
            return null;
        }
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust };
        policy.CustomTrustStore.ImportFromPemFile(Path.Combine(folder, "ca.crt"));
        return policy;
    }
}
