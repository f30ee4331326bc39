using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Quicprochat.Quic;
using Quicprochat.Quic.Tls;
using Quicprochat.Transport.Certificates;
using Quicprochat.Transport.Loop;
using Quicprochat.Transport.Sockets;

namespace Quicprochat.Transport;

// What the loop does with the connection. All of it runs on the loop's thread, but for the constructors and what says otherwise.
public sealed partial class QuicConnection : ILoopWork
{
    private static long _numbers;

    private readonly long _number = Interlocked.Increment(ref _numbers);
    private readonly QuicEndpoint _endpoint;
    private readonly ILogger _log;
    private readonly Channel<QuicStream> _inbound;
    private readonly TaskCompletionSource _handshake;
    private readonly Dictionary<StreamId, QuicStream> _streams = [];
    private readonly Queue<StreamRequest> _bidirectionalRequests = new();
    private readonly Queue<StreamRequest> _unidirectionalRequests = new();
    private Connection? _core;
    private QuicConnectionOptions? _options;
    private CertificateValidator? _validator;
    private Failure? _failure;
    private IReadOnlyList<ReadOnlyMemory<byte>> _peerCertificates = [];
    private X509Certificate2? _remoteCertificate;
    private IPEndPoint _remoteEndPoint;
    private IPEndPoint _localEndPoint;
    private bool _isEstablished;
    private int _disposed;

    /// <summary>A connection that is about to dial; <see cref="Start"/> follows on the loop.</summary>
    internal QuicConnection(QuicEndpoint endpoint, QuicClientConnectionOptions options, IPEndPoint remote, string targetHost)
        : this(endpoint, Side.Client, remote)
    {
        _log = options.LoggerFactory?.CreateLogger<QuicConnection>() ?? _log;
        TargetHostName = targetHost;
        UseOptions(options);
    }

    /// <summary>A connection that a peer dialled.</summary>
    internal QuicConnection(QuicEndpoint endpoint, Connection core)
        : this(endpoint, Side.Server, core.Path.Remote.ToIPEndPoint())
    {
        _core = core;
        _localEndPoint = LocalOf(core.Path.Local);
    }

    private QuicConnection(QuicEndpoint endpoint, Side side, IPEndPoint remote)
    {
        _endpoint = endpoint;
        _log = endpoint.ConnectionLog;
        Side = side;
        TargetHostName = "";
        _remoteEndPoint = remote;
        _localEndPoint = endpoint.LocalEndPoint;
        _handshake = new TaskCompletionSource(Loop.Continuations);
        bool inline = Loop.StaysOnThread;
        _inbound = Channel.CreateUnbounded<QuicStream>(new UnboundedChannelOptions { SingleWriter = true, AllowSynchronousContinuations = inline });
        _outgoingDatagrams = Channel.CreateBounded<ReadOnlyMemory<byte>>(
            new BoundedChannelOptions(OutgoingMax) { SingleReader = true, AllowSynchronousContinuations = inline });
    }

    internal Side Side { get; }

    internal long DefaultStreamErrorCode => _options!.DefaultStreamErrorCode;

    internal EndpointLoop Loop => _endpoint.Loop;

    internal byte[] Scratch => Loop.Scratch;

    /// <summary>The state machine; there from the start at a server, from <see cref="Start"/> on at a client.</summary>
    internal Connection Core => _core!;

    /// <summary>Completes when the handshake is complete; fails when it fails.</summary>
    internal Task Handshake => _handshake.Task;

    /// <summary>Why the connection is over when its loop has ended.</summary>
    internal Failure EndOfLoop => Volatile.Read(ref _failure) ?? new Failure(QuicError.OperationAborted, "The endpoint was closed.");

    QuicConnection? ILoopWork.Connection => this;

    internal void Post(ILoopWork work) => Loop.Post(work);

    /// <summary>Dials.</summary>
    internal void Start(long now, ClientConnectionOptions options, CertificateValidator validator)
    {
        _validator = validator;
        Address local = Loop.Socket.LocalAddress;
        var path = new NetworkPath(SocketAddresses.IsUnspecified(local) ? default : local, Address.From(RemoteEndPoint));
        Log.Dialling(_log, this, RemoteEndPoint);
        try
        {
            _core = Loop.Core.Connect(now, options with { AddressToken = _endpoint.TakeAddressToken(TargetHostName, RemoteEndPoint) }, in path);
            _core.Tag = this;
            _endpoint.Add(this);
        }
        catch (ArgumentException e)
        {
            // Options that contradict each other: the caller's own, so the caller gets it as it is.
            _handshake.TrySetException(e);
        }
    }

    /// <summary>From any thread, before the hello is answered, or <see cref="Start"/>.</summary>
    internal void UseOptions(QuicConnectionOptions options)
    {
        _options = options;
        _datagrams = Channel.CreateBounded<ReadOnlyMemory<byte>>(
            new BoundedChannelOptions(Math.Max(1, options.DatagramQueueLength))
            {
                FullMode = BoundedChannelFullMode.DropOldest,
                SingleWriter = true,
                AllowSynchronousContinuations = Loop.StaysOnThread,
            });
    }

    internal void CloseOnLoop(long now, long code, string reason) => _core?.Close(now, code, reason);

    internal void CloseByDefault(long now) => CloseOnLoop(now, _options?.DefaultCloseErrorCode ?? 0, "");

    /// <summary>Opens a stream for someone, now or when the peer allows one.</summary>
    internal void HandleRequest(StreamRequest request)
    {
        if (_failure is not null)
        {
            request.Fail(_failure);
            return;
        }
        Queue<StreamRequest> requests = RequestsOf(request.Type);
        requests.Enqueue(request);
        ServeRequests(requests);
    }

    /// <summary>Takes all events there are.</summary>
    internal void HandleEvents(long now)
    {
        while (Core.TryTakeEvent(out ConnectionEvent happened))
        {
            Handle(now, in happened);
        }
    }

    /// <summary>The stream is over on both sides and the application has let it go.</summary>
    internal void Forget(QuicStream stream) => _streams.Remove(stream.CoreId);

    /// <summary>The loop has ended under the connection.</summary>
    internal void HandleEndOfLoop()
    {
        Failure failure = EndOfLoop;
        foreach (QuicStream stream in _streams.Values)
        {
            stream.HandleEndOfLoop(failure);
        }
        _streams.Clear();
        Fail(failure);
    }

    /// <summary>Our own bug, in the handling of this connection: it ends, and the others do not notice.</summary>
    internal void HandleFault(long now, Exception exception)
    {
        if (_core is null)
        {
            Fail(new Failure(QuicError.InternalError, "The connection could not be begun for a bug of this end.") { Inner = exception });
        }
        else
        {
            _core.Abort(now, TransportErrorCode.InternalError, "An internal error ended this connection.");
        }
        Log.ConnectionFaulted(_log, this, exception);
    }

    void ILoopWork.Run(long now)
    {
        Interlocked.Exchange(ref _datagramsScheduled, 0);
        SendDatagrams();
    }

    void ILoopWork.Reject()
    {
        // Whoever waits for room has been told that the connection ended.
    }

    private void Handle(long now, in ConnectionEvent happened)
    {
        switch (happened.Kind)
        {
            case ConnectionEventKind.HelloReceived:
                TargetHostName = Core.Hello?.ServerName ?? "";
                _endpoint.HandleHello(now, this);
                break;
            case ConnectionEventKind.Connected:
                HandleConnected(now);
                break;
            case ConnectionEventKind.StreamOpened:
                var opened = new QuicStream(this, happened.Stream);
                _streams.Add(happened.Stream, opened);
                _inbound.Writer.TryWrite(opened);
                break;
            case ConnectionEventKind.StreamsAvailable:
                ServeRequests(RequestsOf(happened.Stream.Type));
                TellCapacity(happened);
                break;
            case ConnectionEventKind.DatagramReceived:
                TakeDatagrams();
                break;
            case ConnectionEventKind.Confirmed:
            case ConnectionEventKind.DatagramWritable:
                SendDatagrams();
                break;
            case ConnectionEventKind.PathChanged:
                HandlePathChanged();
                break;
            case ConnectionEventKind.Closed:
                HandleClosed(now);
                break;
            case ConnectionEventKind.Drained:
                _endpoint.Remove(this);
                break;
            default:
                HandleStreamEvent(now, in happened);
                break;
        }
    }

    private void HandleStreamEvent(long now, in ConnectionEvent happened)
    {
        if (!_streams.TryGetValue(happened.Stream, out QuicStream? stream))
        {
            return;
        }
        switch (happened.Kind)
        {
            case ConnectionEventKind.StreamReadable:
                stream.HandleReadable(now);
                break;
            case ConnectionEventKind.StreamWritable:
                stream.HandleWritable();
                break;
            case ConnectionEventKind.StreamStopped:
                stream.HandleStopped(happened.Code);
                break;
            case ConnectionEventKind.StreamSendFinished:
                stream.HandleSendFinished();
                break;
        }
    }

    private void HandleConnected(long now)
    {
        NegotiatedApplicationProtocol = new SslApplicationProtocol(Core.ApplicationProtocol ?? "");
        NegotiatedCipherSuite = (System.Net.Security.TlsCipherSuite)Core.NegotiatedCipherSuite;
        NegotiatedGroup = NameOf((TlsGroup)Core.NegotiatedGroup);
        _peerCertificates = Core.PeerCertificates;
        _isEstablished = true;
        HandlePathChanged();
        Volatile.Write(ref _maxDatagramSize, Core.MaxDatagramSize);
        if (_log.IsEnabled(LogLevel.Information))
        {
            Log.Established(_log, this, RemoteEndPoint, NegotiatedApplicationProtocol.ToString(), NegotiatedGroup, NegotiatedCipherSuite.ToString());
        }
        ServeRequests(_bidirectionalRequests);
        ServeRequests(_unidirectionalRequests);
        if (_handshake.TrySetResult() && Side == Side.Server && !TryHandOver())
        {
            Core.Close(now, _options!.DefaultCloseErrorCode, "");
        }
    }

    private void HandlePathChanged()
    {
        bool moved = _isEstablished && !RemoteEndPoint.Equals(Core.Path.Remote.ToIPEndPoint());
        Volatile.Write(ref _remoteEndPoint, Core.Path.Remote.ToIPEndPoint());
        Volatile.Write(ref _localEndPoint, LocalOf(Core.Path.Local));
        if (moved)
        {
            Log.PathChanged(_log, this, RemoteEndPoint);
        }
    }

    private void HandleClosed(long now)
    {
        ConnectionClose close = Core.CloseReason!;
        if (Core.Fault is not null)
        {
            Log.ConnectionFaulted(_log, this, Core.Fault);
        }
        if (Side == Side.Client && Core.NewestAddressToken is { } token)
        {
            _endpoint.KeepAddressToken(TargetHostName, RemoteEndPoint, token);
        }
        Failure failure = Failure.Of(close, _validator, TargetHostName);
        foreach (QuicStream stream in _streams.Values)
        {
            stream.HandleConnectionClosed(now, failure);
        }
        _streams.Clear();
        Fail(failure);
    }

    private void Fail(Failure failure)
    {
        if (Interlocked.CompareExchange(ref _failure, failure, null) is not null)
        {
            return;
        }
        if (_isEstablished)
        {
            Log.Closed(_log, this, failure.Message);
        }
        else
        {
            Log.NotEstablished(_log, this, RemoteEndPoint, failure.Message);
        }
        if (_handshake.TrySetException(failure.ToHandshakeException()))
        {
            _ = _handshake.Task.Exception; // A server's handshake may fail unwatched.
        }
        FailRequests(_bidirectionalRequests, failure);
        FailRequests(_unidirectionalRequests, failure);
        _inbound.Writer.TryComplete();
        _datagrams?.Writer.TryComplete();
        _outgoingDatagrams.Writer.TryComplete();
        CancelHello();
    }

    private Queue<StreamRequest> RequestsOf(StreamType type) =>
        type == StreamType.Bidirectional ? _bidirectionalRequests : _unidirectionalRequests;

    private void ServeRequests(Queue<StreamRequest> requests)
    {
        while (requests.TryPeek(out StreamRequest? request))
        {
            if (!request.IsCancelled)
            {
                if (!Core.TryOpenStream(request.Type, out StreamId id))
                {
                    return;
                }
                var stream = new QuicStream(this, id);
                _streams.Add(id, stream);
                if (!request.TryComplete(stream))
                {
                    stream.Abort(QuicAbortDirection.Both, DefaultStreamErrorCode);
                    stream.Dispose();
                }
            }
            requests.Dequeue();
        }
    }

    private static void FailRequests(Queue<StreamRequest> requests, Failure failure)
    {
        while (requests.TryDequeue(out StreamRequest? request))
        {
            request.Fail(failure);
        }
    }

    private void TellCapacity(ConnectionEvent happened)
    {
        if (_options?.StreamCapacityCallback is not { } callback || happened.Code <= 0)
        {
            return;
        }
        int increment = (int)Math.Min(happened.Code, int.MaxValue);
        QuicStreamCapacityChangedArgs args = happened.Stream.Type == StreamType.Bidirectional
            ? new() { BidirectionalIncrement = increment }
            : new() { UnidirectionalIncrement = increment };
        _endpoint.Dispatch(() => RunCallback(callback, args));
    }

    private void RunCallback(Action<QuicConnection, QuicStreamCapacityChangedArgs> callback, QuicStreamCapacityChangedArgs args)
    {
        try
        {
            callback(this, args);
        }
        catch (Exception e)
        {
            Log.CallbackFailed(_log, this, e);
        }
    }

    private IPEndPoint LocalOf(in Address local) => SocketAddresses.IsUnspecified(local) ? _endpoint.LocalEndPoint : local.ToIPEndPoint();

    private static string NameOf(TlsGroup group) => group switch
    {
        TlsGroup.Secp256r1 => "secp256r1",
        TlsGroup.X25519 => "x25519",
        TlsGroup.X25519MLKEM768 => "X25519MLKEM768",
        _ => $"0x{(int)group:x4}",
    };

    private async ValueTask<T> Take<T>(ChannelReader<T> reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw EndOfLoop.ToException();
        }
    }

    private Task<T> RunAsync<T>(Func<Connection, long, T> ask, CancellationToken cancellationToken)
    {
        var request = new ConnectionRequest<T>(this, ask);
        Post(request);
        return request.Answer.WaitAsync(cancellationToken);
    }
}
