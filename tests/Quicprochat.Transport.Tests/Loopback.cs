using System.Net;
using System.Net.Security;
using Quicprochat.Quic;

namespace Quicprochat.Transport.Tests;

/// <summary>A listener on a loopback port and clients that dial it, over real UDP.</summary>
internal sealed class Loopback : IAsyncDisposable
{
    public const long StreamCode = 77;
    public const long CloseCode = 88;

    public static readonly SslApplicationProtocol Protocol = new("test");

    private readonly List<IAsyncDisposable> _owned = [];

    private Loopback(QuicListener listener) => Listener = listener;

    public static CancellationToken Patience => TestContext.Current.CancellationToken;

    public TestLogs Logs { get; private init; } = new();

    public QuicListener Listener { get; }

    /// <summary>Listens with <see cref="ServerOptions"/>, or as the callback says.</summary>
    public static async Task<Loopback> StartAsync(
        Action<QuicListenerOptions>? listen = null, Action<QuicServerConnectionOptions>? serve = null)
    {
        var logs = new TestLogs();
        var options = new QuicListenerOptions
        {
            ListenEndPoint = new IPEndPoint(IPAddress.IPv6Any, 0),
            ApplicationProtocols = [Protocol],
            LoggerFactory = logs,
        };
        listen?.Invoke(options);
        if (options.HelloCallback is null && options.ConnectionOptionsCallback is null)
        {
            options.HelloCallback = (_, _, _) => ValueTask.FromResult(ServerOptions(serve));
        }
        return new Loopback(await QuicListener.ListenAsync(options, Patience)) { Logs = logs };
    }

    public static QuicServerConnectionOptions ServerOptions(Action<QuicServerConnectionOptions>? change = null)
    {
        var options = new QuicServerConnectionOptions
        {
            DefaultStreamErrorCode = StreamCode,
            DefaultCloseErrorCode = CloseCode,
            ServerAuthenticationOptions = new SslServerAuthenticationOptions { ServerCertificate = TestCertificates.Server },
        };
        change?.Invoke(options);
        return options;
    }

    public static QuicClientConnectionOptions ClientOptions(IPEndPoint remote, Action<QuicClientConnectionOptions>? change = null)
    {
        var options = new QuicClientConnectionOptions
        {
            RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, remote.Port),
            DefaultStreamErrorCode = StreamCode,
            DefaultCloseErrorCode = CloseCode,
            MaxInboundBidirectionalStreams = 100,
            MaxInboundUnidirectionalStreams = 100,
            ClientAuthenticationOptions = new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ApplicationProtocols = [Protocol],
                CertificateChainPolicy = TestCertificates.Policy(),
            },
        };
        change?.Invoke(options);
        return options;
    }

    public async Task<QuicConnection> DialAsync(Action<QuicClientConnectionOptions>? change = null) =>
        Own(await QuicConnection.ConnectAsync(
            ClientOptions(Listener.LocalEndPoint, options =>
            {
                options.LoggerFactory = Logs;
                change?.Invoke(options);
            }),
            Patience));

    public async Task<QuicConnection> AcceptAsync() => Own(await Listener.AcceptConnectionAsync(Patience));

    /// <summary>Both ends of one connection.</summary>
    public async Task<(QuicConnection Client, QuicConnection Server)> ConnectAsync(Action<QuicClientConnectionOptions>? change = null)
    {
        Task<QuicConnection> dial = DialAsync(change);
        return (await dial, await AcceptAsync());
    }

    /// <summary>Both ends of one stream that the client opened; a first byte shows it to the server and is taken there.</summary>
    public static async Task<(QuicStream Opened, QuicStream Accepted)> OpenAsync(QuicConnection opener, QuicConnection acceptor, QuicStreamType type = QuicStreamType.Bidirectional)
    {
        QuicStream opened = await opener.OpenOutboundStreamAsync(type, Patience);
        await opened.WriteAsync(new byte[] { 1 }, Patience);
        QuicStream accepted = await acceptor.AcceptInboundStreamAsync(Patience);
        await accepted.ReadExactlyAsync(new byte[1], Patience);
        return (opened, accepted);
    }

    public T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in _owned)
        {
            await owned.DisposeAsync();
        }
        await Listener.DisposeAsync();
    }
}
