namespace Quicprochat.Quic;

/// <summary>What happened on a connection.</summary>
public enum ConnectionEventKind
{
    /// <summary>Server: the ClientHello is here; answer with <see cref="Connection.Accept"/> or <see cref="Connection.Refuse"/>.</summary>
    HelloReceived,

    /// <summary>The handshake is complete; streams may be opened and data sent.</summary>
    Connected,

    /// <summary>The handshake is confirmed (RFC 9001 §4.1.2).</summary>
    Confirmed,

    /// <summary>The peer opened <see cref="ConnectionEvent.Stream"/>. One event for each stream, in order.</summary>
    StreamOpened,

    /// <summary>There is something to read on <see cref="ConnectionEvent.Stream"/>: bytes, its end, or its reset. Comes again only after a read that found nothing.</summary>
    StreamReadable,

    /// <summary>A write on <see cref="ConnectionEvent.Stream"/> that was cut short can go on.</summary>
    StreamWritable,

    /// <summary>The peer asks to stop sending on <see cref="ConnectionEvent.Stream"/> with <see cref="ConnectionEvent.Code"/>; the stream has been reset.</summary>
    StreamStopped,

    /// <summary>All of <see cref="ConnectionEvent.Stream"/>'s sending side, or its reset, has been acknowledged.</summary>
    StreamSendFinished,

    /// <summary>The peer allows <see cref="ConnectionEvent.Code"/> more streams of the type of <see cref="ConnectionEvent.Stream"/>.</summary>
    StreamsAvailable,

    /// <summary>A datagram can be taken.</summary>
    DatagramReceived,

    /// <summary>A datagram that did not fit the queue would fit now.</summary>
    DatagramWritable,

    /// <summary>The peer's address changed.</summary>
    PathChanged,

    /// <summary>The connection ended, see <see cref="Connection.CloseReason"/>. No event but <see cref="Drained"/> follows.</summary>
    Closed,

    /// <summary>The last: nothing of the connection is left in the endpoint.</summary>
    Drained,
}
