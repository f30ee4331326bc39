using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quicprochat.Rpc.Connections;
using Quicprochat.Server.Services;
using Quicprochat.Server.Storage;
using Quicprochat.Transport;

namespace Quicprochat.Server.Hosting;

/// <summary>A server that listens. Nothing has to be configured: <c>await QpcServer.StartAsync(new QpcServerOptions())</c> serves on port 5001 with a certificate of its own.</summary>
public sealed partial class QpcServer : IAsyncDisposable
{
    private const string Protocol = "qpc/1";

    // Clients open no unidirectional streams; a few are let in so that they learn it from a code.
    private const int UnidirectionalStreamsMax = 3;

    private readonly QpcServerOptions _options;
    private readonly ServerCore _core;
    private readonly QuicEndpoint _endpoint;
    private readonly QuicListener _listener;
    private readonly ServerCertificate _certificate;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Task _accepting;
    private int _stopped;

    private QpcServer(QpcServerOptions options, ServerCore core, (QuicEndpoint Endpoint, QuicListener Listener) socket, (string Name, ServerCertificate Certificate) identity, TimeProvider clock)
    {
        _options = options;
        _core = core;
        (_endpoint, _listener) = socket;
        _certificate = identity.Certificate;
        _clock = clock;
        _logger = Loggers(options).CreateLogger<QpcServer>();
        Name = identity.Name;
        EndPoint = _endpoint.LocalEndPoint;
        _accepting = AcceptAsync();
        LogListening(_logger, Address, options.DataFolder);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>The name behind the @ of its accounts.</summary>
    public string Name { get; }

    /// <summary>SHA-256 of its certificate's SubjectPublicKeyInfo in base64url, which people pass on so that clients can be sure whom they dial.</summary>
    public string Fingerprint => _certificate.Fingerprint;

    /// <summary>What to dial: <c>host:port#fingerprint</c>.</summary>
    public string Address => $"{ServerNames.DialledAt(EndPoint, Name)}#{Fingerprint}";

    /// <summary>Its figures now.</summary>
    public QpcServerCounters Counters => new(_core.Meter.Connections, _core.Meter.Subscriptions, _core.Meter.CallsInFlight, _core.Meter.MessagesAccepted);

    /// <summary>Starts; ready when this returns.</summary>
    /// <exception cref="QpcServerException">It cannot start; the message says what to change.</exception>
    public static Task<QpcServer> StartAsync(QpcServerOptions options, CancellationToken cancellationToken = default) => StartAsync(options, TimeProvider.System, cancellationToken);

    /// <summary>Makes an invitation while the server runs.</summary>
    /// <param name="uses">Accounts that may be made with it.</param>
    /// <param name="validity">How long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The code to pass on; it is kept nowhere.</returns>
    public Task<string> CreateInviteAsync(int uses, TimeSpan validity, CancellationToken cancellationToken = default) => SetInviteAsync(_core.Store, uses, validity, _clock, cancellationToken);

    /// <summary>Makes an invitation in a server's data folder, whether or not the server runs.</summary>
    /// <param name="options">Of which only the data folder counts.</param>
    /// <param name="uses">Accounts that may be made with it.</param>
    /// <param name="validity">How long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The code to pass on; it is kept nowhere.</returns>
    /// <exception cref="QpcServerException">The data folder cannot be used.</exception>
    public static async Task<string> CreateInviteAsync(QpcServerOptions options, int uses, TimeSpan validity, CancellationToken cancellationToken = default)
    {
        DataFolder folder = DataFolder.Open(options.DataFolder);
        await using IServerStore store = StoreOpening.Open(folder.Path, options, TimeProvider.System);
        return await SetInviteAsync(store, uses, validity, TimeProvider.System, cancellationToken);
    }

    /// <summary>Stops: tells the clients, refuses new calls, waits for those in flight as long as <see cref="QpcServerOptions.DrainTimeout"/> says, closes all connections and the store.</summary>
    /// <param name="cancellationToken">Ends the patience.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }
        await _core.DrainAsync(cancellationToken);
        await CloseAsync();
    }

    /// <summary>Stops at once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            await CloseAsync();
        }
    }

    internal static async Task<QpcServer> StartAsync(QpcServerOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new QpcServerException(QpcServerError.OptionsInvalid, string.Join(Environment.NewLine, faults));
        }
        DataFolder folder = DataFolder.Open(options.DataFolder);
        IServerStore store = StoreOpening.Open(folder.Path, options, clock);
        QuicEndpoint? endpoint = null;
        try
        {
            endpoint = OpenEndpoint(options, folder);

            // The port is known only now, and it may be part of the name.
            string name = folder.NameFor(options.Name, () => ServerNames.DefaultFor(endpoint.LocalEndPoint));
            ServerCertificate certificate = ServerCertificate.Load(options, name, clock.GetUtcNow());
            var core = new ServerCore(store, options, new ServerIdentity(name, certificate.KeyHash), clock, Loggers(options));
            QuicListener listener = await ListenAsync(options, endpoint, (core, certificate), cancellationToken);
            return new QpcServer(options, core, (endpoint, listener), (name, certificate), clock);
        }
        catch
        {
            if (endpoint is not null)
            {
                await endpoint.DisposeAsync();
            }
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the socket. Its reset key outlives the process: clients of a server that was killed learn from the next one, at once, that their connections are gone (RFC 9000 §10.3).</summary>
    private static QuicEndpoint OpenEndpoint(QpcServerOptions options, DataFolder folder)
    {
        try
        {
            return QuicEndpoint.Open(new QuicEndpointOptions
            {
                LocalEndPoint = options.Listen,
                MaxConnections = options.Limits.ConnectionsMax,
                StatelessResetKey = folder.KeyFor("reset.key"),
                LoggerFactory = options.LoggerFactory,
            });
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new QpcServerException(
                QpcServerError.AddressInUse, $"UDP port {options.Listen.Port} is in use at {options.Listen.Address}. Stop whoever uses it, or listen on another port.", e);
        }
        catch (SocketException e)
        {
            throw new QpcServerException(
                QpcServerError.AddressUnusable, $"The server cannot listen on {options.Listen}: {e.Message}. Choose an address of this machine, and a port that its user may use.", e);
        }
    }

    private static ValueTask<QuicListener> ListenAsync(
        QpcServerOptions options, QuicEndpoint endpoint, (ServerCore Core, ServerCertificate Certificate) server, CancellationToken cancellationToken) => endpoint.ListenAsync(
        new QuicListenerOptions
        {
            ApplicationProtocols = [new SslApplicationProtocol(Protocol)],
            ConnectionOptionsCallback = (_, _, _) => server.Core.TakesConnections
                ? ValueTask.FromResult(ConnectionOptions(options, server.Certificate))
                : throw new InvalidOperationException("The server is full, or going away."),
        },
        cancellationToken);

    private static QuicServerConnectionOptions ConnectionOptions(QpcServerOptions options, ServerCertificate certificate) => new()
    {
        ServerAuthenticationOptions = certificate.Authentication,
        MaxInboundBidirectionalStreams = options.Limits.CallsPerConnectionMax,
        MaxInboundUnidirectionalStreams = UnidirectionalStreamsMax,
        IdleTimeout = options.IdleTimeout,
        MaxDatagramFrameSize = 0,
        DefaultCloseErrorCode = (long)CloseCode.None,
        DefaultStreamErrorCode = (long)StreamCode.Cancelled,
    };

    private static async Task<string> SetInviteAsync(IServerStore store, int uses, TimeSpan validity, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(uses, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(validity, TimeSpan.Zero);
        string code = InviteCode.Create();
        await store.SetInviteAsync(new Invite(InviteCode.HashOf(code), uses, (clock.GetUtcNow() + validity).ToUnixTimeMilliseconds()), cancellationToken);
        return code;
    }

    private static ILoggerFactory Loggers(QpcServerOptions options) => options.LoggerFactory ?? NullLoggerFactory.Instance;

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                QuicConnection connection = await _listener.AcceptConnectionAsync();
                _core.Serve(new QuicRpcConnection(connection, _certificate.KeyHash));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (QuicException e)
            {
                LogRefused(_logger, e.InnerException?.Message ?? e.Message);
            }
        }
    }

    private async Task CloseAsync()
    {
        await _core.DisposeAsync();
        await _listener.DisposeAsync();
        await _accepting;
        await _endpoint.DisposeAsync();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving at {Address} out of {Folder}.")]
    private static partial void LogListening(ILogger logger, string address, string folder);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A connection was refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}
