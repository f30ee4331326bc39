using System.Net;
using System.Net.Security;
using Microsoft.Extensions.Logging;
using Quicprochat.Quic;

namespace Quicprochat.Transport;

/// <summary>How to listen. One of the two callbacks is to be set.</summary>
public sealed class QuicListenerOptions
{
    internal const int DefaultBacklog = 512;

    /// <summary>Where to listen; <see cref="IPAddress.IPv6Any"/> takes IPv4 too. Not used with <see cref="QuicEndpoint.ListenAsync"/>, which has its socket.</summary>
    public IPEndPoint ListenEndPoint { get; set; } = null!;

    /// <summary>Which application protocols to take; at least one.</summary>
    public List<SslApplicationProtocol> ApplicationProtocols { get; set; } = null!;

    /// <summary>Connections that may wait, in handshake or complete, for <see cref="QuicListener.AcceptConnectionAsync"/>; more are refused. 0 for 512.</summary>
    public int ListenBacklog { get; set; }

    /// <summary>Chooses the options of a connection by its ClientHello's server name.</summary>
    public Func<QuicConnection, SslClientHelloInfo, CancellationToken, ValueTask<QuicServerConnectionOptions>>? ConnectionOptionsCallback { get; set; }

    /// <summary>Chooses the options of a connection by its ClientHello's server name and application protocols.</summary>
    public Func<QuicConnection, ClientHelloInfo, CancellationToken, ValueTask<QuicServerConnectionOptions>>? HelloCallback { get; set; }

    /// <summary>When clients have to prove their address before anything is remembered of them. Not used with <see cref="QuicEndpoint.ListenAsync"/>.</summary>
    public RetryPolicy RetryPolicy { get; set; } = RetryPolicy.UnderLoad;

    /// <summary>Where to log. Not used with <see cref="QuicEndpoint.ListenAsync"/>.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }
}
