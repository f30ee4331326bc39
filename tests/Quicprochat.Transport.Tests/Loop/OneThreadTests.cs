using System.Net.Security;
using Quicprochat.Crypto.Signatures;
using Quicprochat.Quic.Tls;
using Quicprochat.Transport.Certificates;

namespace Quicprochat.Transport.Tests.Loop;

public sealed class OneThreadTests
{
    /// <summary>Ed25519, because its signatures hold no dice.</summary>
    private static readonly TlsCredential _credential = SelfSignedCertificate.Create(
        SignatureAlgorithm.Ed25519, ["server.test"], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100), new OneThreadWorld.SeededRandom(1));

    private static readonly int[] _seeds = [7, 7, 8];

    [Fact]
    public void The_whole_transport_runs_on_one_thread_in_virtual_time()
    {
        int thread = Environment.CurrentManagedThreadId;
        var world = new OneThreadWorld(seed: 5);
        world.Run(async () =>
        {
            await EchoAsync(world, bytes: 300_000);
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
        });
        Assert.NotEmpty(world.Trace);
    }

    [Fact]
    public void The_same_seed_gives_the_same_datagrams_at_the_same_times()
    {
        List<string>[] traces = [.. _seeds.Select(static seed =>
        {
            var world = new OneThreadWorld(seed);
            world.Run(() => EchoAsync(world, bytes: 20_000));
            return world.Trace;
        })];
        Assert.Equal(traces[0], traces[1]);
        Assert.NotEqual(traces[0], traces[2]);
    }

    private static async Task EchoAsync(OneThreadWorld world, int bytes)
    {
        QuicEndpoint left = world.Open(1);
        QuicEndpoint right = world.Open(2);
        QuicListener listener = await right.ListenAsync(new QuicListenerOptions
        {
            ApplicationProtocols = [Loopback.Protocol],
            HelloCallback = static (_, _, _) => ValueTask.FromResult(Loopback.ServerOptions(static options =>
            {
                options.Credential = _credential;
                options.ServerAuthenticationOptions = new SslServerAuthenticationOptions();
            })),
        });
        QuicConnection client = await left.ConnectAsync(Loopback.ClientOptions(right.LocalEndPoint, options =>
        {
            options.RemoteEndPoint = right.LocalEndPoint;
            options.CertificatePins = [PublicKeyPin.Of(_credential.CertificateChain[0].Span)];
        }));
        QuicConnection server = await listener.AcceptConnectionAsync();
        Task echo = StreamTests.EchoAsync(server, streams: 1);
        QuicStream stream = await client.OpenOutboundStreamAsync(QuicStreamType.Bidirectional);
        byte[] sent = StreamTests.Pattern(1, bytes);
        Task sending = stream.WriteAsync(sent, completeWrites: true).AsTask();
        Assert.Equal(sent, await StreamTests.ReadToEndAsync(stream));
        await sending;
        await echo;
        await stream.DisposeAsync();
        await client.CloseAsync(0);
        await left.DisposeAsync();
        await right.DisposeAsync();
    }
}
