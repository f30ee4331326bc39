using System.Net.Security;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Transport;

/// <summary>What both ends' options have in common. The first block of members is that of <c>System.Net.Quic</c>; the second is ours.</summary>
public abstract class QuicConnectionOptions
{
    internal QuicConnectionOptions()
    {
    }

    /// <summary>Bidirectional streams the peer may have open at once. 0 at a client, 100 at a server.</summary>
    public int MaxInboundBidirectionalStreams { get; set; }

    /// <summary>Unidirectional streams the peer may have open at once. 0 at a client, 10 at a server.</summary>
    public int MaxInboundUnidirectionalStreams { get; set; }

    /// <summary>How long nothing may be heard of the peer; the smaller of both ends' counts. <see cref="TimeSpan.Zero"/> for 30 s, <see cref="Timeout.InfiniteTimeSpan"/> for no end.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.Zero;

    /// <summary>The code a stream is aborted with by itself: when it is disposed before its end was read, or an operation is cancelled. Must be set.</summary>
    public long DefaultStreamErrorCode { get; set; } = -1;

    /// <summary>The code a connection is closed with when it is disposed. Must be set.</summary>
    public long DefaultCloseErrorCode { get; set; } = -1;

    /// <summary>Flow-control windows at the start.</summary>
    public QuicReceiveWindowSizes InitialReceiveWindowSizes { get; set; } = new();

    /// <summary>A PING goes out when so long nothing did; <see cref="Timeout.InfiniteTimeSpan"/> for never.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>Longest handshake.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Told whenever the peer allows more streams, the first time when the handshake is complete.</summary>
    public Action<QuicConnection, QuicStreamCapacityChangedArgs>? StreamCapacityCallback { get; set; }

    /// <summary>TLS cipher suites in order of preference: the three of TLS 1.3 that QUIC uses. Null for AES-128-GCM, AES-256-GCM, ChaCha20-Poly1305.</summary>
    public IReadOnlyList<System.Net.Security.TlsCipherSuite>? CipherSuites { get; set; }

    /// <summary>Key-exchange groups in order of preference. Null for X25519MLKEM768, X25519, P-256.</summary>
    public IReadOnlyList<TlsGroup>? Groups { get; set; }

    /// <summary>This end's certificate where .NET cannot hold its key, as an Ed25519 one; it goes before those of the authentication options.</summary>
    public TlsCredential? Credential { get; set; }

    /// <summary>
    /// Keys the peer may have (<see cref="Certificates.PublicKeyPin"/>), in place of a certificate chain: when there is a pin, the peer's key must be
    /// a pinned one, and its names, dates and issuers are not looked at.
    /// </summary>
    public IReadOnlyList<string>? CertificatePins { get; set; }

    /// <summary>Told of every secret of the connection, for packet captures. Null, as it should be, keeps secrets inside.</summary>
    public IKeyLog? KeyLog { get; set; }

    /// <summary>Longest DATAGRAM frame accepted in bytes (RFC 9221 §3); 0 takes none.</summary>
    public int MaxDatagramFrameSize { get; set; } = 65535;

    /// <summary>Received datagrams kept until they are taken; the oldest goes when one more comes.</summary>
    public int DatagramQueueLength { get; set; } = 256;

    /// <summary>Largest UDP payload tried on the path in bytes, at least 1200.</summary>
    public int MaxUdpPayloadSize { get; set; } = 1452;
}
