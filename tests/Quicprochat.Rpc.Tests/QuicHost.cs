using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Rpc.Connections;
using Quicprochat.Transport;

namespace Quicprochat.Rpc.Tests;

/// <summary>A listener on loopback with a certificate of its own.</summary>
internal sealed class QuicHost : IAsyncDisposable
{
    private readonly QuicListener _listener;
    private readonly X509Certificate2 _certificate;

    private QuicHost(QuicListener listener, X509Certificate2 certificate)
    {
        _listener = listener;
        _certificate = certificate;
    }

    public int Port => _listener.LocalEndPoint.Port;

    public ReadOnlyMemory<byte> KeyHash => QuicRpcConnection.HashOf(_certificate);

    public static async Task<QuicHost> StartAsync(string protocol = "qpc/1")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        X509Certificate2 certificate = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        var options = new QuicServerConnectionOptions
        {
            DefaultCloseErrorCode = 0,
            DefaultStreamErrorCode = 1,
            MaxInboundBidirectionalStreams = 64,
            MaxInboundUnidirectionalStreams = 1,
            ServerAuthenticationOptions = new SslServerAuthenticationOptions { ServerCertificate = certificate, ApplicationProtocols = [new SslApplicationProtocol(protocol)] },
        };
        QuicListener listener = await QuicListener.ListenAsync(new QuicListenerOptions
        {
            ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            ApplicationProtocols = [new SslApplicationProtocol(protocol)],
            ConnectionOptionsCallback = (_, _, _) => ValueTask.FromResult(options),
        });
        return new QuicHost(listener, certificate);
    }

    public DialOptions Dial(ReadOnlyMemory<byte>? pin = null) => new() { Host = "127.0.0.1", Port = Port, Pin = pin ?? KeyHash };

    public async Task<QuicRpcConnection> AcceptAsync() => new(await _listener.AcceptConnectionAsync(TestContext.Current.CancellationToken), KeyHash);

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _certificate.Dispose();
    }
}
