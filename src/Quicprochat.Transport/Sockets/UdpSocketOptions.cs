using System.Net;

namespace Quicprochat.Transport.Sockets;

/// <summary>How to open a socket.</summary>
internal sealed record UdpSocketOptions
{
    /// <summary>Where to bind. <see cref="IPAddress.IPv6Any"/> takes IPv4 too, and falls back to IPv4 alone on a host without IPv6.</summary>
    public required IPEndPoint LocalEndPoint { get; init; }

    /// <summary>Bytes the system keeps that were received and not yet read; it may allow less.</summary>
    public int ReceiveBufferSize { get; init; } = 4 << 20;

    /// <summary>Bytes the system keeps that are to be sent; it may allow less.</summary>
    public int SendBufferSize { get; init; } = 2 << 20;

    /// <summary>True to leave the system's batching alone, also where it is known.</summary>
    public bool Portable { get; init; }
}
