namespace Quicprochat.Quic;

/// <summary>Where a connection stands (RFC 9000 §10).</summary>
internal enum ConnectionState
{
    /// <summary>Server: the ClientHello is here or on its way, the host has not chosen options yet.</summary>
    AwaitingOptions,

    /// <summary>TLS is under way.</summary>
    Handshaking,

    /// <summary>TLS is complete.</summary>
    Established,

    /// <summary>This end closed: it answers what still comes with CONNECTION_CLOSE, for three probe timeouts.</summary>
    Closing,

    /// <summary>The peer closed: nothing is sent any more, for three probe timeouts.</summary>
    Draining,

    /// <summary>Over; the endpoint may forget it.</summary>
    Drained,
}
