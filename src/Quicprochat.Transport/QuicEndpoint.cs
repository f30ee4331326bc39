using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quicprochat.Quic;
using Quicprochat.Transport.Loop;
using Quicprochat.Transport.Sockets;

namespace Quicprochat.Transport;

/// <summary>A UDP socket that both listens and dials, with one thread that owns it and all its connections.</summary>
public sealed partial class QuicEndpoint : IAsyncDisposable
{
    private readonly QuicEndpointOptions _options;
    private readonly ILogger _log;
    private readonly SynchronizationContext? _callbackContext;
    private int _leases = 1;

    private QuicEndpoint(QuicEndpointOptions options, IUdpSocket socket, EndpointOptions core, SynchronizationContext? callbackContext)
    {
        _options = options;
        ILoggerFactory factory = options.LoggerFactory ?? NullLoggerFactory.Instance;
        _log = factory.CreateLogger<QuicEndpoint>();
        ConnectionLog = factory.CreateLogger<QuicConnection>();
        _callbackContext = callbackContext;
        Loop = new EndpointLoop(this, new Endpoint(core), socket, new LoopClock(options.TimeProvider), _log, staysOnThread: callbackContext is not null);
    }

    /// <summary>Where the socket is bound.</summary>
    public IPEndPoint LocalEndPoint => Loop.Socket.LocalAddress.ToIPEndPoint();

    internal EndpointLoop Loop { get; }

    internal ILogger ConnectionLog { get; }

    /// <summary>Opens a socket and starts its thread.</summary>
    /// <exception cref="SocketException">The address is taken, or not this host's.</exception>
    public static QuicEndpoint Open(QuicEndpointOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IUdpSocket socket = OpenSocket(options, options.LocalEndPoint);
        try
        {
            QuicEndpoint endpoint = Create(options, socket, new EndpointOptions(), callbackContext: null);
            endpoint.Loop.Start();
            return endpoint;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>An endpoint whose loop nobody turns yet: a simulation gives its own socket and randomness, turns the loop itself, and has callbacks run where it says.</summary>
    internal static QuicEndpoint Create(QuicEndpointOptions options, IUdpSocket socket, EndpointOptions core, SynchronizationContext? callbackContext) =>
        new(options, socket, core with
        {
            Retry = options.RetryPolicy,
            MaxPendingHandshakes = options.MaxPendingHandshakes,
            MaxConnections = options.MaxConnections,
            StatelessResetKey = options.StatelessResetKey ?? core.StatelessResetKey,
            TokenKey = options.TokenKey ?? core.TokenKey,
            MaxSegments = socket.MaxSegments,
        }, callbackContext);

    /// <summary>Listens. Several listeners may share the endpoint when their application protocols differ.</summary>
    /// <param name="options">What to listen for; <see cref="QuicListenerOptions.ListenEndPoint"/> is not looked at.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="QuicException">Another listener takes one of the protocols (<see cref="QuicError.AlpnInUse"/>).</exception>
    public ValueTask<QuicListener> ListenAsync(QuicListenerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        QuicListener.Check(options);
        return ListenCoreAsync(options, ownsEndpoint: false, cancellationToken);
    }

    /// <summary>Dials. A name is looked up, and its addresses are tried one after the other, each a quarter of a second after the one before (RFC 8305).</summary>
    /// <param name="options">Whom to dial, and how; <see cref="QuicClientConnectionOptions.LocalEndPoint"/> is not looked at.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="QuicException">The connection could not be established.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">TLS failed: a certificate, a name, or nothing in common.</exception>
    public ValueTask<QuicConnection> ConnectAsync(QuicClientConnectionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new Dialler(this, options, _options.TimeProvider).DialAsync(cancellationToken);
    }

    /// <summary>
    /// Goes on with a fresh socket, from another port or address: connections that this end dialled migrate to it (RFC 9000 §9). What was on its way to the old one is lost.
    /// </summary>
    /// <param name="localEndPoint">Where to bind; null for another port of the same address.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">The endpoint listens: its peers would not find it any more.</exception>
    public async ValueTask RebindAsync(IPEndPoint? localEndPoint = null, CancellationToken cancellationToken = default)
    {
        if (_listeners.Length > 0)
        {
            throw new InvalidOperationException("An endpoint that listens stays where it is.");
        }
        IUdpSocket socket = OpenSocket(_options, localEndPoint ?? new IPEndPoint(_options.LocalEndPoint.Address, 0));
        var done = new TaskCompletionSource(Loop.Continuations);
        Loop.Post(new LoopAction(null, now => Rebind(now, socket, done), () => AbandonRebind(socket, done)));
        await done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Closes all connections, each with its <see cref="QuicConnectionOptions.DefaultCloseErrorCode"/>, then the socket; the port is free afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        Loop.Post(new LoopAction(null, CloseEverything));
        await Loop.Ended;
    }

    /// <inheritdoc/>
    public override string ToString() => $"[endpoint {LocalEndPoint}]";

    /// <summary>Another one uses the endpoint. False when it is closing because nobody did.</summary>
    internal bool TryJoin()
    {
        int leases = Volatile.Read(ref _leases);
        while (leases > 0)
        {
            int seen = Interlocked.CompareExchange(ref _leases, leases + 1, leases);
            if (seen == leases)
            {
                return true;
            }
            leases = seen;
        }
        return false;
    }

    /// <summary>One user less; the last one closes the endpoint.</summary>
    internal void Leave()
    {
        if (Interlocked.Decrement(ref _leases) == 0)
        {
            Loop.Post(new LoopAction(null, CloseEverything));
        }
    }

    /// <summary>As <see cref="Leave"/>, and waits for the socket to be closed when no connection needs it.</summary>
    internal async ValueTask LeaveAndWaitAsync()
    {
        Leave();
        if (Volatile.Read(ref _leases) == 0)
        {
            await Loop.Ended;
        }
    }

    /// <summary>Runs something of the application's, never on the loop.</summary>
    internal void Dispatch(Action action)
    {
        if (_callbackContext is not null)
        {
            _callbackContext.Post(static state => ((Action)state!)(), action);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(static state => state(), action, preferLocal: false);
        }
    }

    private static IUdpSocket OpenSocket(QuicEndpointOptions options, IPEndPoint localEndPoint) => UdpSocket.Open(new UdpSocketOptions
    {
        LocalEndPoint = localEndPoint,
        ReceiveBufferSize = options.ReceiveBufferSize,
        SendBufferSize = options.SendBufferSize,
        Portable = options.DisableBatching,
    });
}
