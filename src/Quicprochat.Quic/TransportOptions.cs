namespace Quicprochat.Quic;

/// <summary>What an end announces in its transport parameters, and its own bounds. Immutable: one instance serves any number of connections.</summary>
public sealed record TransportOptions
{
    /// <summary>Bidirectional streams the peer may have open at once.</summary>
    public int MaxInboundBidirectionalStreams { get; init; } = 100;

    /// <summary>Unidirectional streams the peer may have open at once.</summary>
    public int MaxInboundUnidirectionalStreams { get; init; } = 10;

    /// <summary>Bytes the peer may send on the whole connection before any is read. The window grows with the path up to <see cref="ConnectionWindowMax"/>.</summary>
    public int ConnectionWindow { get; init; } = 1 << 20;

    /// <summary>Upper bound of the connection's window in bytes.</summary>
    public int ConnectionWindowMax { get; init; } = 24 << 20;

    /// <summary>Bytes the peer may send on one stream before any is read. It grows up to <see cref="StreamWindowMax"/>.</summary>
    public int StreamWindow { get; init; } = 256 << 10;

    /// <summary>Upper bound of a stream's window in bytes.</summary>
    public int StreamWindowMax { get; init; } = 8 << 20;

    /// <summary>Bytes of unacknowledged and unsent data kept for each stream this end sends on; a write beyond is cut short.</summary>
    public int SendBufferMax { get; init; } = 1 << 20;

    /// <summary>Idle timeout in microseconds, 0 for none; the smaller of both ends' counts (RFC 9000 §10.1).</summary>
    public long IdleTimeout { get; init; } = 30_000_000;

    /// <summary>Longest handshake in microseconds.</summary>
    public long HandshakeTimeout { get; init; } = 10_000_000;

    /// <summary>A PING is sent after so many microseconds without anything sent; 0 for none.</summary>
    public long KeepAliveInterval { get; init; }

    /// <summary>Longest DATAGRAM frame accepted in bytes, 0 for none (RFC 9221 §3).</summary>
    public int MaxDatagramFrameSize { get; init; } = 65535;

    /// <summary>Received datagrams kept for the application; the oldest goes when one more comes.</summary>
    public int DatagramQueueLength { get; init; } = 256;

    /// <summary>Round-trip time assumed before the first sample, in microseconds (RFC 9002 §6.2.2).</summary>
    public long InitialRtt { get; init; } = 333_000;

    /// <summary>Longest this end delays an acknowledgement, in microseconds (RFC 9000 §18.2).</summary>
    public long MaxAckDelay { get; init; } = 25_000;

    /// <summary>Largest UDP payload sent once the path has been probed for it, in bytes; at least 1200.</summary>
    public int MaxUdpPayloadSize { get; init; } = 1452;
}
