using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Threading.Channels;
using Quicprochat.Quic;

namespace Quicprochat.Transport;

/// <summary>
/// Waits for connections, with the members and meanings of <c>System.Net.Quic.QuicListener</c>. One difference: a handshake that fails by a peer's fault is logged
/// and does not show in <see cref="AcceptConnectionAsync"/>; only a failure of the application's own callback does.
/// </summary>
public sealed class QuicListener : IAsyncDisposable
{
    private readonly QuicListenerOptions _options;
    private readonly QuicEndpoint _endpoint;
    private readonly bool _ownsEndpoint;
    private readonly int _backlog;
    private readonly Channel<(QuicConnection? Connection, Exception? Error)> _accepted;
    private int _reserved;
    private int _disposed;

    internal QuicListener(QuicEndpoint endpoint, QuicListenerOptions options, bool ownsEndpoint)
    {
        _endpoint = endpoint;
        _options = options;
        _ownsEndpoint = ownsEndpoint;
        _backlog = BacklogOf(options);
        _accepted = Channel.CreateUnbounded<(QuicConnection?, Exception?)>(
            new UnboundedChannelOptions { AllowSynchronousContinuations = endpoint.Loop.StaysOnThread });
        ApplicationProtocols = [.. options.ApplicationProtocols.Select(static protocol => protocol.ToString())];
    }

    /// <summary>Always true: the transport is managed code.</summary>
    public static bool IsSupported => true;

    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint => _endpoint.LocalEndPoint;

    internal IReadOnlyList<string> ApplicationProtocols { get; }

    /// <summary>Opens a socket and listens on it.</summary>
    /// <exception cref="ArgumentException">The options are not complete.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address is taken, or not this host's.</exception>
    public static async ValueTask<QuicListener> ListenAsync(QuicListenerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.ListenEndPoint is null)
        {
            throw new ArgumentException("ListenEndPoint must be set.", nameof(options));
        }
        Check(options);
        var endpoint = QuicEndpoint.Open(new QuicEndpointOptions
        {
            LocalEndPoint = options.ListenEndPoint,
            RetryPolicy = options.RetryPolicy,
            MaxPendingHandshakes = BacklogOf(options),
            LoggerFactory = options.LoggerFactory,
        });
        try
        {
            return await endpoint.ListenCoreAsync(options, ownsEndpoint: true, cancellationToken);
        }
        catch
        {
            await endpoint.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for a connection whose handshake is complete.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="QuicException">The callback that chooses a connection's options failed; the listener goes on.</exception>
    /// <exception cref="ObjectDisposedException">The listener was disposed.</exception>
    public async ValueTask<QuicConnection> AcceptConnectionAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        try
        {
            (QuicConnection? connection, Exception? error) = await _accepted.Reader.ReadAsync(cancellationToken);
            Release();
            return connection ?? throw error!;
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(QuicListener));
        }
    }

    /// <summary>Stops listening. Connections that were accepted go on; those that nobody accepted are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }
        _endpoint.RemoveListener(this);
        _accepted.Writer.TryComplete();
        while (_accepted.Reader.TryRead(out (QuicConnection? Connection, Exception? Error) waiting))
        {
            if (waiting.Connection is not null)
            {
                await waiting.Connection.DisposeAsync();
            }
        }
        if (_ownsEndpoint)
        {
            await _endpoint.LeaveAndWaitAsync();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"[listener {LocalEndPoint}]";

    private static int BacklogOf(QuicListenerOptions options) =>
        options.ListenBacklog > 0 ? options.ListenBacklog : QuicListenerOptions.DefaultBacklog;

    internal static void Check(QuicListenerOptions options)
    {
        if (options.ApplicationProtocols is not { Count: > 0 })
        {
            throw new ArgumentException("At least one application protocol is needed.", nameof(options));
        }
        if (options.ConnectionOptionsCallback is null == options.HelloCallback is null)
        {
            throw new ArgumentException("One of ConnectionOptionsCallback and HelloCallback must be set, and not both.", nameof(options));
        }
    }

    internal bool Takes(ClientHelloInfo hello) => hello.ApplicationProtocols.Any(ApplicationProtocols.Contains);

    /// <summary>Keeps a place for a connection whose handshake begins; false when all are taken.</summary>
    internal bool TryReserve()
    {
        if (Interlocked.Increment(ref _reserved) <= _backlog)
        {
            return true;
        }
        Release();
        return false;
    }

    /// <summary>A place is free again: its connection was accepted, or failed.</summary>
    internal void Release() => Interlocked.Decrement(ref _reserved);

    /// <summary>A connection is complete. False when nobody listens any more.</summary>
    internal bool TryAdd(QuicConnection connection) => _accepted.Writer.TryWrite((connection, null));

    /// <summary>The application's callback failed; whoever accepts is told. The connection's place is taken until then.</summary>
    internal void Report(QuicException error)
    {
        if (!_accepted.Writer.TryWrite((null, error)))
        {
            Release();
        }
    }

    internal ValueTask<QuicServerConnectionOptions> ChooseOptionsAsync(QuicConnection connection, ClientHelloInfo hello, CancellationToken cancellationToken) =>
        _options.HelloCallback is { } callback
            ? callback(connection, hello, cancellationToken)
            : _options.ConnectionOptionsCallback!(connection, new SslClientHelloInfo(hello.ServerName ?? "", SslProtocols.Tls13), cancellationToken);
}
