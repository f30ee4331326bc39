using System.Net;
using Microsoft.Extensions.Logging;
using Quicprochat.Quic;

namespace Quicprochat.Transport;

/// <summary>How to open a socket that both listens and dials.</summary>
public sealed class QuicEndpointOptions
{
    /// <summary>Where to bind. <see cref="IPAddress.IPv6Any"/>, the default, takes IPv4 too, and falls back to IPv4 alone on a host without IPv6.</summary>
    public IPEndPoint LocalEndPoint { get; set; } = new(IPAddress.IPv6Any, 0);

    /// <summary>When clients have to prove their address before anything is remembered of them.</summary>
    public RetryPolicy RetryPolicy { get; set; } = RetryPolicy.UnderLoad;

    /// <summary>
    /// Handshakes of peers under way at once; more are refused. From half of it on, clients have to prove their address: keep it at or below
    /// <see cref="QuicListenerOptions.ListenBacklog"/>, so that forged addresses cannot take all places there.
    /// </summary>
    public int MaxPendingHandshakes { get; set; } = QuicListenerOptions.DefaultBacklog;

    /// <summary>Connections at once.</summary>
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>32 bytes from which stateless reset tokens are derived: kept across restarts they let a restarted server end its old connections. Random when null.</summary>
    public ReadOnlyMemory<byte>? StatelessResetKey { get; set; }

    /// <summary>32 bytes that seal address-validation tokens. Random when null.</summary>
    public ReadOnlyMemory<byte>? TokenKey { get; set; }

    /// <summary>Bytes the system is asked to keep that were received and not yet read.</summary>
    public int ReceiveBufferSize { get; set; } = 4 << 20;

    /// <summary>Bytes the system is asked to keep that are to be sent.</summary>
    public int SendBufferSize { get; set; } = 2 << 20;

    /// <summary>True to send and receive one datagram at a time, also where the system can do more.</summary>
    public bool DisableBatching { get; set; }

    /// <summary>Where to log; null for nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
