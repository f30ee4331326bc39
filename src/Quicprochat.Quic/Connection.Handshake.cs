using System.Buffers;
using Quicprochat.Crypto;
using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Paths;
using Quicprochat.Quic.Recovery;
using Quicprochat.Quic.Streams;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic;

/// <content>The handshake: TLS messages in CRYPTO frames, keys, transport parameters, Retry (RFC 9000 §7; RFC 9001 §4).</content>
public sealed partial class Connection
{
    private const int ClientHelloBytesMax = 64 * 1024;

    /// <summary>A token leaves room for a good part of the ClientHello in the same packet; one that does not is not taken.</summary>
    private const int InitialTokenBytesMax = 768;

    private readonly ClientConnectionOptions? _clientOptions;
    private readonly ConnectionId? _retrySourceId;
    private ConnectionId? _retrySource;
    private ConnectionId _handshakePeerId;
    private ConnectionId _initialSourceSeen;
    private bool _peerIdIsFixed;
    private bool _versionIsFixed;
    private byte[] _token = [];
    private ArrayBufferWriter<byte>? _clientHello = new();
    private ApplicationKeys? _keys;
    private bool _handshakeDoneIsDue;
    private bool _newTokenIsDue;
    private bool _isFinishedSent;
    private bool _isPendingAtEndpoint;

    /// <summary>Client: the newest token for a future connection to the same server (RFC 9000 §8.1.3); null when none came.</summary>
    public ReadOnlyMemory<byte>? NewestAddressToken { get; private set; }

    private static CryptoProvider Provider => CryptoProvider.Default;

    /// <summary>Client: writes the ClientHello.</summary>
    internal void Start(long now)
    {
        _tls = TlsSession.CreateClient(_clientOptions!.Tls, _random, WriteParameters());
        _token = _clientOptions.AddressToken is { Length: <= InitialTokenBytesMax } token ? token.ToArray() : [];
        if (_tls.Start() is { } error)
        {
            CloseWith(now, error);
            return;
        }
        PumpTls(now);
    }

    private void InstallInitialKeys(in ConnectionId destination)
    {
        KeySchedule.DeriveInitial(Provider, destination, Side, out ProtectionKeys send, out ProtectionKeys receive);
        Initial.Install(send, receive);
    }

    private TransportError? HandleCrypto(long now, PacketSpace space, in CryptoFrame frame)
    {
        if (space.IsDiscarded)
        {
            return null;
        }
        if (space.Crypto.Handle(frame) is { } error)
        {
            return error;
        }
        if (_state == ConnectionState.AwaitingOptions)
        {
            return CollectClientHello(now, space);
        }
        return FeedTls(now, space);
    }

    // The server's host chooses certificate and options by SNI and ALPN, so TLS starts once the whole ClientHello is here.
    private TransportError? CollectClientHello(long now, PacketSpace space)
    {
        if (Hello is not null || space.Level != EncryptionLevel.Initial)
        {
            return null;
        }
        Span<byte> chunk = stackalloc byte[2048];
        while (space.Crypto.Read(chunk) is var count and > 0)
        {
            if (_clientHello!.WrittenCount + count > ClientHelloBytesMax)
            {
                return new TransportError(TransportErrorCode.CryptoBufferExceeded, FrameType.Crypto, "The ClientHello is too long.");
            }
            _clientHello.Write(chunk[..count]);
        }
        if (ClientHello.TryRead(_clientHello!.WrittenSpan, out bool complete, out ClientHelloInfo? info) is { } error)
        {
            return error;
        }
        if (complete)
        {
            Hello = info;
            Raise(ConnectionEventKind.HelloReceived);
        }
        return null;
    }

    private void AcceptWith(long now, ServerConnectionOptions options)
    {
        _options = options.Transport;
        _tls = TlsSession.CreateServer(options.Tls, _random, WriteParameters());
        _state = ConnectionState.Handshaking;
        _handshakeDeadline = _startedAt + _options.HandshakeTimeout;
        _path.Mtu.SetCeiling(_options.MaxUdpPayloadSize);
        TransportError? error = _tls.Receive(EncryptionLevel.Initial, _clientHello!.WrittenSpan);
        _clientHello = null;
        error ??= PumpTls(now);
        if (error is { } offence)
        {
            CloseWith(now, offence);
        }
        ReplayDeferred(now);
        RefreshLossTimer(now);
    }

    private TransportError? FeedTls(long now, PacketSpace space)
    {
        Span<byte> chunk = stackalloc byte[4096];
        while (IsOpen && space.Crypto.Read(chunk) is var count and > 0)
        {
            if (_tls!.Receive(space.Level, chunk[..count]) is { } error)
            {
                return error;
            }
            if (PumpTls(now) is { } failed)
            {
                return failed;
            }
        }
        return null;
    }

    // Whatever TLS made of its input: parameters, keys, messages to send, the end of the handshake.
    private TransportError? PumpTls(long now)
    {
        TlsSession tls = _tls!;
        if (_peerParameters is null && tls.PeerTransportParameters is { } parameters && ReadParameters(parameters.Span) is { } error)
        {
            return error;
        }
        // Messages before keys: what TLS wrote at a level came before it moved on to the next.
        while (tls.TryTakeOutput(out EncryptionLevel level, out ReadOnlyMemory<byte> bytes))
        {
            _spaces[(int)level].Crypto.Write(bytes.Span);
        }
        while (tls.TryTakeSecrets(out TrafficSecrets secrets))
        {
            using (secrets.Read)
            using (secrets.Write)
            {
                InstallKeys(secrets);
            }
            if (secrets.Level == EncryptionLevel.Handshake && Initial.Crypto.HasLeftover)
            {
                return LeftOver();
            }
        }
        if (tls.IsComplete && !IsHandshakeComplete)
        {
            if (Handshake.Crypto.HasLeftover)
            {
                return LeftOver();
            }
            CompleteHandshake(now);
        }
        return null;
    }

    private static TransportError LeftOver() =>
        Violation(FrameType.Crypto, "Handshake data was left over when the keys changed."); // RFC 9001 §4.1.3

    private void InstallKeys(in TrafficSecrets secrets)
    {
        _keysAreNew = true;
        TlsCipherSuite suite = secrets.CipherSuite;
        if (secrets.Level == EncryptionLevel.Application)
        {
            _keys = new ApplicationKeys(Provider, suite, secrets.Write.Span, secrets.Read.Span);
            Application.Install(null, null);
            return;
        }
        Handshake.Install(
            KeySchedule.Derive(Provider, suite, secrets.Write.Span),
            KeySchedule.Derive(Provider, suite, secrets.Read.Span));
    }

    private void CompleteHandshake(long now)
    {
        IsHandshakeComplete = true;
        _keysAreNew = true; // A server may read 1-RTT packets from now on.
        _state = ConnectionState.Established;
        Raise(ConnectionEventKind.Connected);
        if (Side == Side.Server)
        {
            _handshakeDoneIsDue = true;
            _newTokenIsDue = true;
            Confirm(now);
        }
        IssueConnectionIds();
    }

    private TransportError? HandleHandshakeDone(long now)
    {
        if (Side == Side.Server || !_isFinishedSent)
        {
            return Violation(FrameType.HandshakeDone, "HANDSHAKE_DONE came from a client, or before the client's Finished was sent."); // RFC 9000 §19.20
        }
        Confirm(now);
        return null;
    }

    private void Confirm(long now)
    {
        if (IsConfirmed)
        {
            return;
        }
        IsConfirmed = true;
        EndPendingHandshake();
        DiscardSpace(Initial);
        DiscardSpace(Handshake); // RFC 9001 §4.9.2
        _token = [];
        _path.Mtu.Start(now);
        Raise(ConnectionEventKind.Confirmed);
    }

    // RFC 9002 §6.4: what was in flight under the keys no longer counts, and the probe timer starts anew.
    private void DiscardSpace(PacketSpace space)
    {
        if (space.IsDiscarded)
        {
            return;
        }
        _path.Congestion.OnDiscarded(space.Discard());
        _lossTimer.OnSpaceDiscarded();
        _lossTimerIsStale = true;
    }

    private ReadOnlyMemory<byte> WriteParameters()
    {
        var parameters = new TransportParameters
        {
            InitialSourceConnectionId = _localIds.First,
            OriginalDestinationConnectionId = Side == Side.Server ? _originalDestinationId : null,
            RetrySourceConnectionId = Side == Side.Server ? _retrySourceId : null,
            StatelessResetToken = Side == Side.Server ? _endpoint.ResetTokenOf(_localIds.First) : null,
            MaxIdleTimeout = _options.IdleTimeout,
            InitialMaxData = _options.ConnectionWindow,
            InitialMaxStreamDataBidiLocal = _options.StreamWindow,
            InitialMaxStreamDataBidiRemote = _options.StreamWindow,
            InitialMaxStreamDataUni = _options.StreamWindow,
            InitialMaxStreamsBidi = _options.MaxInboundBidirectionalStreams,
            InitialMaxStreamsUni = _options.MaxInboundUnidirectionalStreams,
            MaxAckDelay = _options.MaxAckDelay,
            ActiveConnectionIdLimit = PeerConnectionIds.ActiveLimit,
            MaxDatagramFrameSize = _options.MaxDatagramFrameSize,
        };
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        _random.Fill(random);
        var writer = new Writer(new byte[TransportParameters.SizeMax]);
        parameters.Write(ref writer, BitConverter.ToUInt64(random));
        return writer.Written.ToArray();
    }

    private TransportError? ReadParameters(ReadOnlySpan<byte> bytes)
    {
        Side peer = Side == Side.Client ? Side.Server : Side.Client;
        if (TransportParameters.TryRead(bytes, peer, out TransportParameters? parameters) is { } error)
        {
            return error;
        }
        if (CheckIds(parameters!) is { } mismatch)
        {
            return mismatch;
        }
        _peerParameters = parameters!;
        _path.Mtu.LimitTo(_peerParameters.MaxUdpPayloadSize);
        _streams = new StreamTable(Side, _options, _endpoint.Memory);
        _streams.ApplyPeerParameters(_peerParameters);
        _datagrams = new DatagramQueue(_options);
        _datagrams.ApplyPeerParameters(_peerParameters);
        if (Side == Side.Client && _peerParameters.StatelessResetToken is { } token)
        {
            _peerIds.SetInitialToken(token);
            _endpoint.AddResetToken(token, this);
        }
        if (Side == Side.Client && _peerParameters.PreferredAddress is { } preferred)
        {
            _peerIds.AddPreferred(preferred.ConnectionId, preferred.ResetToken);
        }
        return null;
    }

    // The ids that travelled unprotected are confirmed by the handshake (RFC 9000 §7.3).
    private TransportError? CheckIds(TransportParameters parameters)
    {
        ConnectionId expectedSource = Side == Side.Client ? _handshakePeerId : _peerIds.Current;
        if (parameters.InitialSourceConnectionId is not { } source || !source.Equals(expectedSource))
        {
            return ParameterError("initial_source_connection_id is missing or does not match the handshake.");
        }
        if (Side == Side.Server)
        {
            return null;
        }
        if (parameters.OriginalDestinationConnectionId is not { } original || !original.Equals(_originalDestinationId))
        {
            return ParameterError("original_destination_connection_id is missing or does not match the handshake.");
        }
        if (!Nullable.Equals(parameters.RetrySourceConnectionId, _retrySource))
        {
            return ParameterError("retry_source_connection_id does not match the Retry, or its absence.");
        }
        return null;
    }

    private static TransportError ParameterError(string reason) => new(TransportErrorCode.TransportParameterError, FrameType.Crypto, reason);

    // RFC 9000 §17.2.5: a client follows one Retry, and only as the very first answer.
    private void HandleRetry(ReadOnlySpan<byte> packet, in LongHeader header)
    {
        if (Side == Side.Server || _versionIsFixed || _retrySource is not null || header.Token.Length is 0 or > InitialTokenBytesMax
            || header.Source.Equals(_originalDestinationId) || !RetryIntegrity.IsValid(Provider, packet, _originalDestinationId))
        {
            return;
        }
        _retrySource = header.Source;
        _token = header.Token.ToArray();
        _peerIds.ReplaceInitial(header.Source);
        InstallInitialKeys(header.Source);
        // The ClientHello goes out again under the new keys; packet numbers go on (RFC 9000 §17.2.5.3).
        _path.Congestion.OnDiscarded(Initial.Loss.Discard());
        Initial.Crypto.Repeat();
        Initial.ProbesDue = 0;
        _lossTimer.OnSpaceDiscarded();
        _lossTimerIsStale = true;
    }

    /// <summary>Client: the server speaks no version this end offered (RFC 9000 §6.2).</summary>
    internal void HandleVersionNegotiation(in VersionNegotiationPacket packet)
    {
        if (Side == Side.Server || _versionIsFixed || _retrySource is not null || !IsOpen || packet.Contains(QuicVersion.V1)
            || !packet.Source.SequenceEqual(_originalDestinationId.Span))
        {
            return;
        }
        EnterDrained(new ConnectionClose(CloseKind.VersionNegotiation, 0, 0, "The server does not speak QUIC version 1."));
    }

    private void EndPendingHandshake()
    {
        if (_isPendingAtEndpoint)
        {
            _isPendingAtEndpoint = false;
            _endpoint.OnHandshakeEnded();
        }
    }
}
