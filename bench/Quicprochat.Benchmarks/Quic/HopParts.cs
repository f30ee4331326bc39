using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Transport;
using Quicprochat.Transport.Certificates;

namespace Quicprochat.Benchmarks.Quic;

/// <summary>What the way from a task to the loop and back costs: two endpoints in this process with their threads and sockets, CPU time of them all.</summary>
internal sealed class HopParts : IDisposable
{
    private const int CallSize = 64;
    private const int Calls = 1000;

    private readonly byte[] _small = new byte[CallSize];
    private readonly Lazy<(QuicListener Listener, QuicEndpoint Endpoint, QuicConnection Connection, QuicStream Stream)> _ends = new(() => Task.Run(OpenAsync).GetAwaiter().GetResult());

    public IEnumerable<Part> All()
    {
        yield return new Part("hop: a request to the loop and its answer", () => Wait(AskAsync), Calls, OtherThreads: true);
        yield return new Part("hop: a call of 64 bytes on one stream, both ends", () => Wait(CallAsync), Calls, OtherThreads: true);
    }

    public void Dispose()
    {
        if (_ends.IsValueCreated)
        {
            Task.Run(CloseAsync).GetAwaiter().GetResult();
        }
    }

    private static void Wait(Func<Task> work) => Task.Run(work).GetAwaiter().GetResult();

    private static async Task<(QuicListener Listener, QuicEndpoint Endpoint, QuicConnection Connection, QuicStream Stream)> OpenAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        X509Certificate2 certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        QuicListener listener = await QuicListener.ListenAsync(new QuicListenerOptions
        {
            ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            ApplicationProtocols = [new SslApplicationProtocol("bench")],
            HelloCallback = (_, _, _) => ValueTask.FromResult(new QuicServerConnectionOptions
            {
                DefaultStreamErrorCode = 1,
                DefaultCloseErrorCode = 0,
                ServerAuthenticationOptions = new SslServerAuthenticationOptions { ServerCertificate = certificate },
            }),
        });
        _ = EchoAsync(listener);
        QuicEndpoint endpoint = QuicEndpoint.Open(new QuicEndpointOptions());
        QuicConnection connection = await endpoint.ConnectAsync(new QuicClientConnectionOptions
        {
            DefaultStreamErrorCode = 1,
            DefaultCloseErrorCode = 0,
            RemoteEndPoint = listener.LocalEndPoint,
            CertificatePins = [PublicKeyPin.Of(certificate)],
            ClientAuthenticationOptions = new SslClientAuthenticationOptions { ApplicationProtocols = [new SslApplicationProtocol("bench")], TargetHost = "localhost" },
        });
        return (listener, endpoint, connection, await connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional));
    }

    private static async Task EchoAsync(QuicListener listener)
    {
        try
        {
            await using QuicConnection connection = await listener.AcceptConnectionAsync();
            await using QuicStream stream = await connection.AcceptInboundStreamAsync();
            byte[] buffer = new byte[4096];
            int count;
            while ((count = await stream.ReadAsync(buffer)) > 0)
            {
                await stream.WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (QuicException)
        {
            // The measurement is over.
        }
    }

    private async Task AskAsync()
    {
        QuicConnection connection = _ends.Value.Connection;
        for (int i = 0; i < Calls; i++)
        {
            await connection.GetStatisticsAsync();
        }
    }

    private async Task CallAsync()
    {
        QuicStream stream = _ends.Value.Stream;
        for (int i = 0; i < Calls; i++)
        {
            await stream.WriteAsync(_small);
            await stream.ReadExactlyAsync(_small);
        }
    }

    private async Task CloseAsync()
    {
        await _ends.Value.Connection.DisposeAsync();
        await _ends.Value.Endpoint.DisposeAsync();
        await _ends.Value.Listener.DisposeAsync();
    }
}
