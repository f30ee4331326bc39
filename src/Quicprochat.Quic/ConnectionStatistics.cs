namespace Quicprochat.Quic;

/// <summary>A snapshot of a connection's counters. Times are in microseconds, sizes in bytes.</summary>
public readonly record struct ConnectionStatistics
{
    /// <summary>UDP payload bytes sent.</summary>
    public long BytesSent { get; init; }

    /// <summary>UDP payload bytes received, of datagrams that held a packet of this connection.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Packets sent.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Packets received and authenticated.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>Packets declared lost.</summary>
    public long PacketsLost { get; init; }

    /// <summary>Smoothed round-trip time.</summary>
    public long SmoothedRtt { get; init; }

    /// <summary>Smallest round-trip time seen.</summary>
    public long MinRtt { get; init; }

    /// <summary>Congestion window.</summary>
    public long CongestionWindow { get; init; }

    /// <summary>Bytes in flight.</summary>
    public long BytesInFlight { get; init; }

    /// <summary>Largest UDP payload sent on the path now.</summary>
    public int MaxUdpPayloadSize { get; init; }

    /// <summary>Key updates seen, in both directions.</summary>
    public int KeyUpdates { get; init; }
}
