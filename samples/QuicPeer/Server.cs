using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Transport;
using Quicprochat.Transport.Certificates;

namespace QuicPeer;

/// <summary>Echoes streams and datagrams, or swallows streams and answers how many bytes they had, until it is killed.</summary>
internal static class Server
{
    public static async Task RunAsync(string address)
    {
        X509Certificate2 certificate = ServerCertificate.LoadOrCreate();
        QuicServerConnectionOptions options = Settings.Apply(new QuicServerConnectionOptions
        {
            MaxInboundBidirectionalStreams = 1024,
            ServerAuthenticationOptions = new SslServerAuthenticationOptions { ServerCertificate = certificate },
        });
        await using QuicListener listener = await QuicListener.ListenAsync(new QuicListenerOptions
        {
            ListenEndPoint = await ResolveAsync(address),
            ApplicationProtocols = [Settings.Echo, Settings.Sink],
            RetryPolicy = Settings.Retry,
            HelloCallback = (_, _, _) => ValueTask.FromResult(options),
        });
        Console.WriteLine($"listening {listener.LocalEndPoint} PIN={PublicKeyPin.Of(certificate)}");
        while (true)
        {
            _ = ServeAsync(await listener.AcceptConnectionAsync());
        }
    }

    private static async Task<IPEndPoint> ResolveAsync(string address) => Settings.ParseEndPoint(address) switch
    {
        IPEndPoint ip => ip,
        DnsEndPoint dns => new IPEndPoint((await Dns.GetHostAddressesAsync(dns.Host))[0], dns.Port),
        _ => throw new ArgumentException($"'{address}' cannot be listened on."),
    };

    private static async Task ServeAsync(QuicConnection connection)
    {
        await using (connection)
        {
            Task datagrams = EchoDatagramsAsync(connection);
            try
            {
                while (true)
                {
                    _ = ServeAsync(connection, await connection.AcceptInboundStreamAsync());
                }
            }
            catch (QuicException e)
            {
                if (e.ApplicationErrorCode is > 0)
                {
                    Console.WriteLine($"closed by peer code={e.ApplicationErrorCode} reason={e.Reason}");
                }
            }
            await datagrams;
        }
    }

    private static async Task ServeAsync(QuicConnection connection, QuicStream stream)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            await using (stream)
            {
                if (connection.NegotiatedApplicationProtocol == Settings.Sink)
                {
                    await CountAsync(stream, buffer);
                }
                else
                {
                    await EchoAsync(stream, buffer);
                }
            }
        }
        catch (QuicException)
        {
            // The client went, or aborted the stream.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task EchoAsync(QuicStream stream, byte[] buffer)
    {
        int count;
        while ((count = await stream.ReadAsync(buffer)) > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count));
        }
        stream.CompleteWrites();
    }

    private static async Task CountAsync(QuicStream stream, byte[] buffer)
    {
        long total = 0;
        int count;
        while ((count = await stream.ReadAsync(buffer)) > 0)
        {
            total += count;
        }
        byte[] answer = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(answer, total);
        await stream.WriteAsync(answer, completeWrites: true);
    }

    private static async Task EchoDatagramsAsync(QuicConnection connection)
    {
        try
        {
            while (true)
            {
                await connection.SendDatagramAsync(await connection.ReceiveDatagramAsync());
            }
        }
        catch (Exception e) when (e is QuicException or ObjectDisposedException)
        {
            // The connection ended.
        }
    }
}
