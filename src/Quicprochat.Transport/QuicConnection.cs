using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Quic;
using Quicprochat.Quic.Tls;
using Quicprochat.Transport.Loop;

namespace Quicprochat.Transport;

/// <summary>
/// A QUIC connection, with the members and meanings of <c>System.Net.Quic.QuicConnection</c>, and datagrams, exported keys, reasons and statistics beside them.
/// All members may be used from any thread.
/// </summary>
public sealed partial class QuicConnection : IAsyncDisposable
{
    /// <summary>Always true: the transport is managed code.</summary>
    public static bool IsSupported => true;

    /// <summary>The peer's address; another one after the peer has moved.</summary>
    public IPEndPoint RemoteEndPoint => Volatile.Read(ref _remoteEndPoint);

    /// <summary>This end's address, as far as the system tells it.</summary>
    public IPEndPoint LocalEndPoint => Volatile.Read(ref _localEndPoint);

    /// <summary>The name asked for: a client's target, a server's SNI; empty when there is none.</summary>
    public string TargetHostName { get; private set; }

    /// <summary>The certificate the peer showed, null when it showed none.</summary>
    public X509Certificate? RemoteCertificate
    {
        get
        {
            if (_remoteCertificate is null && _peerCertificates.Count > 0)
            {
                Interlocked.CompareExchange(ref _remoteCertificate, X509CertificateLoader.LoadCertificate(_peerCertificates[0].Span), null);
            }
            return _remoteCertificate;
        }
    }

    /// <summary>The application protocol agreed on.</summary>
    public SslApplicationProtocol NegotiatedApplicationProtocol { get; private set; }

    /// <summary>The cipher suite agreed on.</summary>
    public System.Net.Security.TlsCipherSuite NegotiatedCipherSuite { get; private set; }

    /// <summary>The key-exchange group agreed on, by its IANA name, as <c>X25519MLKEM768</c>; empty before the handshake is complete.</summary>
    public string NegotiatedGroup { get; private set; } = "";

    /// <summary>TLS 1.3, as QUIC has it; none before the handshake is complete.</summary>
    public SslProtocols SslProtocol => _isEstablished ? SslProtocols.Tls13 : SslProtocols.None;

    /// <summary>Dials on a socket shared by all who dial without a local address, or on one of its own.</summary>
    /// <param name="options">Whom to dial, and how.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="QuicException">The connection could not be established.</exception>
    /// <exception cref="AuthenticationException">TLS failed: a certificate, a name, or nothing in common.</exception>
    public static async ValueTask<QuicConnection> ConnectAsync(QuicClientConnectionOptions options, CancellationToken cancellationToken = default)
    {
        using ClientEndpoints.Lease lease = ClientEndpoints.Take(options);
        return await lease.Endpoint.ConnectAsync(options, cancellationToken);
    }

    /// <summary>Opens a stream; waits while the peer allows no more. The peer sees it when something is written.</summary>
    /// <param name="type">Whether the peer may write too.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<QuicStream> OpenOutboundStreamAsync(QuicStreamType type, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfDisposed();
        var request = new StreamRequest(this, type == QuicStreamType.Bidirectional ? StreamType.Bidirectional : StreamType.Unidirectional);
        await using CancellationTokenRegistration registration = request.CancelWith(cancellationToken);
        Post(request);
        return await request.Stream;
    }

    /// <summary>Waits for a stream the peer opens.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">The options allow the peer no streams.</exception>
    public async ValueTask<QuicStream> AcceptInboundStreamAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        if (_options is { MaxInboundBidirectionalStreams: 0, MaxInboundUnidirectionalStreams: 0 })
        {
            throw new InvalidOperationException("The options of this connection allow the peer no streams.");
        }
        return await Take(_inbound.Reader, cancellationToken);
    }

    /// <summary>Closes the connection with an application code. Streams end at once, whether or not what was written has arrived.</summary>
    /// <param name="errorCode">The application's code, 0 to 2^62-1.</param>
    /// <param name="cancellationToken">Gives up waiting, not closing.</param>
    public ValueTask CloseAsync(long errorCode, CancellationToken cancellationToken = default) => CloseAsync(errorCode, "", cancellationToken);

    /// <summary>Closes the connection with an application code and words for the peer.</summary>
    /// <param name="errorCode">The application's code, 0 to 2^62-1.</param>
    /// <param name="reason">Seen by the peer's application and in its logs; cut to 1,024 bytes of UTF-8.</param>
    /// <param name="cancellationToken">Gives up waiting, not closing.</param>
    public async ValueTask CloseAsync(long errorCode, string reason, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        ErrorCodes.Check(errorCode, nameof(errorCode));
        await CloseCoreAsync(errorCode, reason).WaitAsync(cancellationToken);
    }

    /// <summary>Closes the connection with <see cref="QuicConnectionOptions.DefaultCloseErrorCode"/> unless it is closed, and waits until that was sent.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await CloseCoreAsync(_options?.DefaultCloseErrorCode ?? 0, "");
            while (_inbound.Reader.TryRead(out QuicStream? stream))
            {
                await stream.DisposeAsync();
            }
        }
    }

    /// <summary>Key material that both ends can derive and nobody else (RFC 9846 §7.5).</summary>
    /// <param name="label">Names the use, as <c>EXPORTER-quicprochat</c>.</param>
    /// <param name="context">Further input, the same at both ends.</param>
    /// <param name="length">Bytes wanted.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<byte[]> ExportKeyingMaterialAsync(string label, ReadOnlyMemory<byte> context, int length, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        byte[] material = new byte[length];
        bool exported = await RunAsync((core, _) => core.TryExportKeyingMaterial(label, context.Span, material), cancellationToken);
        return exported ? material : throw new InvalidOperationException("Keys can be exported while the connection is established, of a length that HKDF allows.");
    }

    /// <summary>The connection's counters now. They stay as they were when the connection ends.</summary>
    public async ValueTask<ConnectionStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default) =>
        await RunAsync(static (core, _) => core.Statistics, cancellationToken);

    /// <summary>Changes the packet protection keys of both directions (RFC 9001 §6). False when an update is not allowed yet: the handshake is not confirmed, or the last update not acknowledged.</summary>
    public async ValueTask<bool> UpdateKeysAsync(CancellationToken cancellationToken = default) =>
        await RunAsync(static (core, _) => core.TryUpdateKeys(), cancellationToken);

    /// <summary>As logs name it.</summary>
    public override string ToString() => $"[{_number:x}{(Side == Side.Client ? 'c' : 's')}]";

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);

    private async Task CloseCoreAsync(long errorCode, string reason)
    {
        if (Volatile.Read(ref _failure) is null)
        {
            var request = new CloseRequest(this, errorCode, reason);
            Post(request);
            await request.Sent;
        }
    }
}
