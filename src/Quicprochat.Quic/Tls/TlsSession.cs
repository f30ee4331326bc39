using System.Diagnostics.CodeAnalysis;
using Org.BouncyCastle.Tls;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Hash;
using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls.BouncyCastle;

namespace Quicprochat.Quic.Tls;

/// <summary>
/// TLS 1.3 for one QUIC connection (RFC 9001 §4): CRYPTO bytes go in and out, secrets come out. BouncyCastle runs the handshake and is dropped
/// when it is complete; an idle connection keeps only what the properties tell. For one thread, without IO and without a clock.
/// The first post-quantum handshake of a process costs some 200 ms of JIT compilation: a server warms up by one handshake with itself.
/// </summary>
internal abstract class TlsSession : IDisposable
{
    /// <summary>Longest chain of a peer; the longest seen in the wild have 9.</summary>
    public const int CertificatesMax = 16;

    private readonly IRandomSource _random;
    private readonly IKeyLog? _keyLog;
    private readonly Side _side;

    private Engine? _engine;
    private HandshakeBuffer? _input;
    private Queue<(EncryptionLevel Level, ReadOnlyMemory<byte> Bytes)>? _output = new();
    private Queue<TrafficSecrets>? _secrets = new();
    private EncryptionLevel _writeLevel;
    private TlsExporter? _exporter;
    private TransportError? _failure;
    private bool _begun;
    private bool _disposed;

    private protected TlsSession(Side side, IRandomSource random, IKeyLog? keyLog)
    {
        _side = side;
        _random = random;
        _keyLog = keyLog;
    }

    /// <summary>True once the handshake is complete in the sense of RFC 9001 §4.1.1. Before, the peer is not authenticated, whatever the other properties say.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The level whose CRYPTO bytes TLS reads next; bytes of a higher one are to be held back (RFC 9001 §4.1.3).</summary>
    public EncryptionLevel ReadLevel { get; private set; }

    /// <summary>The peer's quic_transport_parameters extension, as soon as it was read: at a server with the ClientHello, at a client with EncryptedExtensions.</summary>
    public ReadOnlyMemory<byte>? PeerTransportParameters { get; private set; }

    /// <summary>The ALPN name agreed on; null before completion.</summary>
    public string? ApplicationProtocol { get; private set; }

    /// <summary>The host name of SNI; at a client the one it sends. Null for none.</summary>
    public string? ServerName { get; private protected set; }

    /// <summary>Code point of the key exchange group; 0 before completion.</summary>
    public int NegotiatedGroup { get; private set; }

    /// <summary>Code point of the cipher suite; 0 before it is known.</summary>
    public int CipherSuite { get; private set; }

    /// <summary>The peer's chain, leaf first, exactly as it came; empty when it showed none.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> PeerCertificates { get; private set; } = [];

    /// <summary>The exception thrown by this side's validator, signer, random source or key log when the handshake failed by it: for a log, never for the peer.</summary>
    public Exception? LocalFault { get; private set; }

    /// <summary>A client, ready to <see cref="Start"/>.</summary>
    /// <exception cref="ArgumentException">The options cannot work.</exception>
    public static TlsSession CreateClient(TlsClientOptions options, IRandomSource random, ReadOnlyMemory<byte> transportParameters) =>
        new ClientTlsSession(options, random, transportParameters);

    /// <summary>A server, ready to <see cref="Receive"/>.</summary>
    /// <exception cref="ArgumentException">The options cannot work.</exception>
    public static TlsSession CreateServer(TlsServerOptions options, IRandomSource random, ReadOnlyMemory<byte> transportParameters) =>
        new ServerTlsSession(options, random, transportParameters);

    /// <summary>A client's first step, which puts out the ClientHello. A server needs none.</summary>
    public TransportError? Start() => _side == Side.Client && !_begun && !_disposed ? Guard(Begin) : _failure;

    /// <summary>
    /// CRYPTO bytes of one level, each byte once and in order. An error ends the session: every later call returns it again.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public TransportError? Receive(EncryptionLevel level, ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (_failure is null && !bytes.IsEmpty)
        {
            TransportError? error = null;
            if (level != ReadLevel)
            {
                error = new TransportError(TransportErrorCode.ProtocolViolation, FrameType.Crypto, "CRYPTO data came at an encryption level TLS does not read."); // RFC 9001 §4.1.3
            }
            else if ((_input ??= new HandshakeBuffer()).Append(ref bytes, out error))
            {
                error = HandleMessage(_input);
            }
            else if (error is null && IsComplete)
            {
                // A message that may not come at all is not waited for.
                error = CheckPostHandshakeType(_input.Type);
            }

            Fail(error);
        }

        return _failure;
    }

    /// <summary>Bytes to send in CRYPTO frames of a level, in order; false when there are none.</summary>
    public bool TryTakeOutput(out EncryptionLevel level, out ReadOnlyMemory<byte> bytes)
    {
        (EncryptionLevel Level, ReadOnlyMemory<byte> Bytes) next = default;
        bool taken = _output is not null && _output.TryDequeue(out next);
        (level, bytes) = next;
        if (!taken && IsComplete)
        {
            _output = null;
        }

        return taken;
    }

    /// <summary>
    /// Secrets not taken yet: first Handshake, then Application. The caller disposes them. A server has its application secrets before it has heard
    /// the client's Finished: it may send with them, but must not read 1-RTT packets before <see cref="IsComplete"/> (RFC 9001 §5.7).
    /// </summary>
    public bool TryTakeSecrets(out TrafficSecrets secrets)
    {
        secrets = default;
        bool taken = _secrets is not null && _secrets.TryDequeue(out secrets);
        if (!taken && IsComplete)
        {
            _secrets = null;
        }

        return taken;
    }

    /// <summary>Fills <paramref name="destination"/> by TLS-Exporter (RFC 9846 §7.5); false before completion, for a label that is not ASCII, or when label or output are too long.</summary>
    public bool TryExport(string label, ReadOnlySpan<byte> context, Span<byte> destination) =>
        _exporter is not null && _exporter.TryExport(label, context, destination);

    /// <summary>Zeroes every secret that was not taken.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        DropHandshake();
        DropSecrets();
        _exporter?.Dispose();
        _exporter = null;
        _output = null;
    }

    /// <summary>Called by the engine for each record it would send: change_cipher_spec and alerts have no place in QUIC (RFC 9001 §8.4, §4.8).</summary>
    internal void OnRecord(short contentType, ReadOnlySpan<byte> body)
    {
        if (contentType == ContentType.handshake)
        {
            _output?.Enqueue((_writeLevel, body.ToArray()));
        }
    }

    /// <summary>Called by the engine when secrets of the next level exist. It has then sent everything it has to say at the level before.</summary>
    internal void OnTrafficSecrets(SecurityParameters parameters)
    {
        bool handshake = _writeLevel == EncryptionLevel.Initial;
        _writeLevel = handshake ? EncryptionLevel.Handshake : EncryptionLevel.Application;
        if (handshake)
        {
            ReadLevel = EncryptionLevel.Handshake;
        }

        CipherSuite = parameters.CipherSuite;
        Secret client = ((EngineSecret)parameters.TrafficSecretClient).ToSecret();
        Secret server = ((EngineSecret)parameters.TrafficSecretServer).ToSecret();
        (Secret read, Secret write) = _side == Side.Client ? (server, client) : (client, server);
        _secrets?.Enqueue(new TrafficSecrets(_writeLevel, (TlsCipherSuite)CipherSuite, read, write));
        Log(handshake ? "CLIENT_HANDSHAKE_TRAFFIC_SECRET" : "CLIENT_TRAFFIC_SECRET_0", parameters.ClientRandom, client);
        Log(handshake ? "SERVER_HANDSHAKE_TRAFFIC_SECRET" : "SERVER_TRAFFIC_SECRET_0", parameters.ClientRandom, server);
    }

    /// <summary>Called by the engine with the extension's bytes.</summary>
    internal void OnPeerTransportParameters(byte[] parameters) => PeerTransportParameters = parameters;

    /// <summary>Called by the engine with the peer's Certificate, before its CertificateVerify.</summary>
    internal void OnPeerCertificates(Certificate certificate, IPeerCertificateValidator validator, string? targetHost)
    {
        if (certificate.Length > CertificatesMax)
        {
            throw new TlsFatalAlert(TlsAlert.BadCertificate);
        }

        PeerCertificates = Array.AsReadOnly([.. certificate.GetCertificateEntryList().Select(entry => (ReadOnlyMemory<byte>)entry.Certificate.GetEncoded())]);
        byte? alert;
        try
        {
            alert = validator.Validate(PeerCertificates, targetHost);
        }
        catch (Exception exception)
        {
            throw new LocalFaultException(exception);
        }

        if (alert is { } refusal)
        {
            throw new TlsFatalAlert(refusal);
        }
    }

    /// <summary>Called by the engine when the handshake is complete; its state is cleared right afterwards.</summary>
    internal void OnComplete(TlsContext context)
    {
        SecurityParameters parameters = context.SecurityParameters;
        Secret exporterSecret = ((EngineSecret)parameters.ExporterMasterSecret).ToSecret();
        _exporter = new TlsExporter(EngineCrypto.Hash(parameters.PrfCryptoHashAlgorithm), exporterSecret);
        Log("EXPORTER_SECRET", parameters.ClientRandom, exporterSecret);
        ApplicationProtocol = parameters.ApplicationProtocol.GetUtf8Decoding();
        NegotiatedGroup = parameters.NegotiatedGroup;
        ReadLevel = EncryptionLevel.Application;
        IsComplete = true;
    }

    /// <summary>Connects a protocol and its peer. Runs once, when the first bytes go either way.</summary>
    private protected abstract TlsProtocol StartEngine(EngineCrypto crypto);

    /// <summary>A look at a whole handshake message before the engine sees it.</summary>
    private protected virtual TransportError? CheckMessage(ReadOnlySpan<byte> message) => null;

    /// <summary>What may still come once the handshake is complete.</summary>
    private protected abstract TransportError? CheckPostHandshakeType(HandshakeType type);

    /// <summary>A whole message of a type <see cref="CheckPostHandshakeType"/> let pass.</summary>
    private protected abstract TransportError? HandlePostHandshakeMessage(ReadOnlySpan<byte> body);

    private TransportError? HandleMessage(HandshakeBuffer message)
    {
        if (IsComplete)
        {
            TransportError? error = CheckPostHandshakeType(message.Type) ?? HandlePostHandshakeMessage(message.Body);
            _input = null;
            return error;
        }

        TransportError? refusal = CheckMessage(message.Message);
        if (refusal is null)
        {
            refusal = Guard(() => Offer(message));
        }

        if (IsComplete)
        {
            DropHandshake();
        }

        return refusal;
    }

    private void Begin()
    {
        _begun = true;
        var crypto = EngineCrypto.Create(this, _random);
        _engine = new Engine(crypto);
        _engine.Protocol = StartEngine(crypto);
    }

    private void Offer(HandshakeBuffer message)
    {
        if (!_begun)
        {
            Begin();
        }

        byte contentType = (byte)(ReadLevel == EncryptionLevel.Initial ? ContentType.handshake : ContentType.application_data);
        message.ConsumeRecords(contentType, _engine!.Protocol!.OfferInput);
    }

    /// <summary>The one place where BouncyCastle's exceptions end.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "BouncyCastle reports what a peer did by exceptions of any type.")]
    private TransportError? Guard(Action step)
    {
        try
        {
            step();
            return null;
        }
        catch (Exception exception)
        {
            LocalFault = LocalFaultException.Find(exception);
            TransportError error = TlsAlert.ToError(AlertFor(exception));
            Fail(error);
            return error;
        }
    }

    private byte AlertFor(Exception exception)
    {
        if (LocalFault is not null)
        {
            return TlsAlert.InternalError;
        }

        // BouncyCastle meets malformed input with all kinds of exceptions and calls some of them internal errors.
        bool alert = exception is TlsFatalAlert fatal && !(fatal.AlertDescription == AlertDescription.internal_error && fatal.InnerException is not null);
        return alert ? (byte)((TlsFatalAlert)exception).AlertDescription : TlsAlert.DecodeError;
    }

    private void Fail(TransportError? error)
    {
        if (error is null || _failure is not null)
        {
            return;
        }

        // Half a flight is of no use to anyone: what follows is CONNECTION_CLOSE.
        _failure = error;
        _output = null;
        DropHandshake();
        DropSecrets();
    }

    private void DropHandshake()
    {
        _engine?.Crypto.Dispose();
        _engine = null;
        _input?.Clear();
        _input = null;
    }

    private void DropSecrets()
    {
        while (_secrets is not null && _secrets.TryDequeue(out TrafficSecrets secrets))
        {
            secrets.Read.Dispose();
            secrets.Write.Dispose();
        }
    }

    private void Log(string label, byte[] clientRandom, Secret secret)
    {
        try
        {
            _keyLog?.Write(label, clientRandom, secret.Span);
        }
        catch (Exception exception)
        {
            throw new LocalFaultException(exception);
        }
    }

    private sealed class Engine(EngineCrypto crypto)
    {
        public EngineCrypto Crypto { get; } = crypto;

        public TlsProtocol? Protocol { get; set; }
    }
}
