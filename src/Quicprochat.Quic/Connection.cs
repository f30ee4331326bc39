using System.Diagnostics.CodeAnalysis;
using Quicprochat.Crypto;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Paths;
using Quicprochat.Quic.Recovery;
using Quicprochat.Quic.Streams;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic;

/// <summary>
/// One QUIC connection as a state machine without IO (RFC 9000, 9001, 9002, 9221). It belongs to its <see cref="Endpoint"/> and to that endpoint's thread.
/// Commands come from above, datagrams and timeouts through the endpoint from below; what happens is taken with <see cref="TryTakeEvent"/>.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Its endpoint disposes it, by Forget.")]
public sealed partial class Connection
{
    private readonly Endpoint _endpoint;
    private readonly IRandomSource _random;
    private readonly PacketSpace[] _spaces;
    private readonly LossTimer _lossTimer;
    private readonly LocalConnectionIds _localIds = new();
    private readonly PeerConnectionIds _peerIds;
    private readonly PathResponses _pathResponses = new();
    private readonly Queue<ConnectionEvent> _events = new();
    private readonly ConnectionId _originalDestinationId;
    private readonly ConnectionId _localSourceId;
    private readonly ConnectionId? _temporaryRoute;
    private TransportOptions _options = new();
    private TransportParameters? _peerParameters;
    private TlsSession? _tls;
    private StreamTable? _streams;
    private DatagramQueue? _datagrams;
    private readonly long _startedAt;
    private PathState _path;
    private PathState? _previousPath;
    private ConnectionState _state;
    private long _packetsSent;
    private long _packetsReceived;
    private long _packetsLost;
    private long _bytesSent;
    private long _bytesReceived;

    /// <summary>A client's connection.</summary>
    internal Connection(Endpoint endpoint, long now, ClientConnectionOptions options, in NetworkPath path)
        : this(endpoint, Side.Client, now, options.Transport, path)
    {
        _originalDestinationId = ConnectionId.Draw(_random, LocalConnectionIds.Length);
        _peerIds = new PeerConnectionIds(_originalDestinationId);
        _clientOptions = options;
        _path.IsValidated = true; // A client chose the address itself (RFC 9000 §8.1).
        _state = ConnectionState.Handshaking;
        AddLocalId();
        InstallInitialKeys(_originalDestinationId);
        _localSourceId = _localIds.First;
    }

    /// <summary>A server's connection, made for a client's first Initial.</summary>
    internal Connection(Endpoint endpoint, long now, in NetworkPath path, in IncomingInitial initial)
        : this(endpoint, Side.Server, now, new TransportOptions(), path)
    {
        _originalDestinationId = initial.OriginalDestinationId;
        _retrySourceId = initial.RetrySourceId;
        _peerIds = new PeerConnectionIds(initial.SourceId);
        _path.IsValidated = initial.AddressIsValidated;
        _state = ConnectionState.AwaitingOptions;
        _handshakePeerId = initial.SourceId;
        _peerIdIsFixed = true;
        _temporaryRoute = initial.DestinationId;
        _isPendingAtEndpoint = true;
        AddLocalId();
        InstallInitialKeys(initial.DestinationId);
        _localSourceId = _localIds.First;
    }

    private Connection(Endpoint endpoint, Side side, long now, TransportOptions options, in NetworkPath path)
    {
        _endpoint = endpoint;
        _random = endpoint.Random;
        _options = options;
        _peerIds = null!;
        Side = side;
        _spaces = [new(EncryptionLevel.Initial, endpoint.Memory), new(EncryptionLevel.Handshake, endpoint.Memory), new(EncryptionLevel.Application, endpoint.Memory)];
        _lossTimer = new LossTimer(Initial.Loss, Handshake.Loss, Application.Loss);
        _path = new PathState(0, path, options);
        _startedAt = now;
        _idleSince = now;
        _handshakeDeadline = now + options.HandshakeTimeout;
    }

    /// <summary>The host's own object.</summary>
    public object? Tag { get; set; }

    /// <summary>Which end this is.</summary>
    public Side Side { get; }

    /// <summary>The current path.</summary>
    public NetworkPath Path => _path.Address;

    /// <summary>True once TLS is complete (RFC 9001 §4.1.1).</summary>
    public bool IsHandshakeComplete { get; private set; }

    /// <summary>True once the handshake is confirmed (RFC 9001 §4.1.2).</summary>
    public bool IsConfirmed { get; private set; }

    /// <summary>How the connection ended; null while it is open. Set before the <see cref="ConnectionEventKind.Closed"/> event.</summary>
    public ConnectionClose? CloseReason { get; private set; }

    /// <summary>Server: what the ClientHello says, from <see cref="ConnectionEventKind.HelloReceived"/> on.</summary>
    public ClientHelloInfo? Hello { get; private set; }

    /// <summary>The host name of SNI.</summary>
    public string? ServerName => Side == Side.Server ? Hello?.ServerName : _clientOptions?.Tls.TargetHost;

    /// <summary>The application protocol that ALPN chose.</summary>
    public string? ApplicationProtocol => _tls?.ApplicationProtocol;

    /// <summary>The named group of the key exchange, as TLS numbers it; 0 before it is known.</summary>
    public int NegotiatedGroup => _tls?.NegotiatedGroup ?? 0;

    /// <summary>The cipher suite, as TLS numbers it; 0 before it is known.</summary>
    public int NegotiatedCipherSuite => _tls?.CipherSuite ?? 0;

    /// <summary>The peer's chain: DER, leaf first; empty when it showed none.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> PeerCertificates => _tls?.PeerCertificates ?? [];

    /// <summary>The counters now.</summary>
    public ConnectionStatistics Statistics => new()
    {
        BytesSent = _bytesSent,
        BytesReceived = _bytesReceived,
        PacketsSent = _packetsSent,
        PacketsReceived = _packetsReceived,
        PacketsLost = _packetsLost,
        SmoothedRtt = _path.Rtt.Smoothed,
        MinRtt = _path.Rtt.Min,
        CongestionWindow = _path.Congestion.Window,
        BytesInFlight = _path.Congestion.BytesInFlight,
        MaxUdpPayloadSize = _path.Mtu.Current,
        KeyUpdates = _keys?.Updates ?? 0,
    };

    /// <summary>Place in the endpoint's timer heap; -1 when it is not in it.</summary>
    internal int TimerPlace { get; set; } = -1;

    /// <summary>True while the connection stands in the endpoint's queue of those that may have something to send.</summary>
    internal bool IsQueuedToSend { get; set; }

    /// <summary>True while the connection stands in the endpoint's queue of those with events.</summary>
    internal bool IsQueuedReady { get; set; }

    /// <summary>True when there is an event to take.</summary>
    internal bool HasEvents => _events.Count > 0 || _streams is { HasEvents: true } || _datagrams is { HasEvents: true };

    /// <summary>True when the endpoint may forget the connection.</summary>
    internal bool IsDrained => _state == ConnectionState.Drained;

    private bool IsOpen => _state < ConnectionState.Closing;

    private PacketSpace Initial => _spaces[(int)EncryptionLevel.Initial];

    private PacketSpace Handshake => _spaces[(int)EncryptionLevel.Handshake];

    private PacketSpace Application => _spaces[(int)EncryptionLevel.Application];

    /// <summary>The next thing that happened; false when there is nothing.</summary>
    public bool TryTakeEvent(out ConnectionEvent connectionEvent)
    {
        // What streams have to say comes after the handshake's end and before the connection's.
        if (_events.TryPeek(out connectionEvent) && connectionEvent.Kind is not (ConnectionEventKind.Closed or ConnectionEventKind.Drained))
        {
            _events.Dequeue();
            return true;
        }
        if ((_streams is not null && _streams.TryTakeEvent(out connectionEvent)) || (_datagrams is not null && _datagrams.TryTakeEvent(out connectionEvent)))
        {
            return true;
        }
        return _events.TryDequeue(out connectionEvent);
    }

    /// <summary>The TLS exporter (RFC 9846 §7.5).</summary>
    /// <param name="label">ASCII, as registered or private.</param>
    /// <param name="context">Bound into the result.</param>
    /// <param name="destination">Filled; at most 255 hash lengths.</param>
    /// <returns>False before the handshake is complete, and after the connection was closed.</returns>
    public bool TryExportKeyingMaterial(string label, ReadOnlySpan<byte> context, Span<byte> destination) =>
        _tls is not null && IsHandshakeComplete && _tls.TryExport(label, context, destination);

    /// <summary>Releases what the endpoint holds for the connection.</summary>
    internal void Forget()
    {
        EndPendingHandshake();
        RemoveRoutes();
        _tls?.Dispose();
        _streams?.Abort();
        _datagrams?.Abort();
        foreach (PacketSpace space in _spaces)
        {
            space.Dispose();
        }
        _keys?.Dispose();
    }

    // A server's host hears of a connection first by its ClientHello; of one that never had a whole one it hears nothing.
    private void Raise(ConnectionEventKind kind, long code = 0)
    {
        if (Side == Side.Client || Hello is not null)
        {
            _events.Enqueue(new ConnectionEvent(kind, default, code));
        }
    }

    private void Touch() => _endpoint.Touch(this);
}
