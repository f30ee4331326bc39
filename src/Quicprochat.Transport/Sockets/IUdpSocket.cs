using Quicprochat.Quic;

namespace Quicprochat.Transport.Sockets;

/// <summary>
/// A bound UDP socket as the loop sees it: batches in, batches out, one place to wait. The plug that a simulation swaps.
/// Everything but <see cref="Wake"/> is called by the loop's thread only.
/// </summary>
internal interface IUdpSocket : IDisposable
{
    /// <summary>Where it is bound; the host is unspecified (<c>::</c> or <c>0.0.0.0</c>) on a wildcard socket.</summary>
    Address LocalAddress { get; }

    /// <summary>Datagrams of one size that are best handed over in one <see cref="Transmit"/>.</summary>
    int MaxSegments { get; }

    /// <summary>True when the socket's family can send to <paramref name="remote"/>.</summary>
    bool CanReach(in Address remote);

    /// <summary>
    /// Sleeps until there is something to read, <see cref="Wake"/> is called, <paramref name="timeoutMicros"/> have passed, or, when
    /// <paramref name="writable"/>, a send that was cut short can go on. May return early. True when there may be something to read.
    /// </summary>
    bool Wait(long timeoutMicros, bool writable);

    /// <summary>Ends the current or the next <see cref="Wait"/>. Called from any thread; does nothing once the socket is disposed.</summary>
    void Wake();

    /// <summary>Fills <paramref name="batch"/> with what has arrived, without waiting.</summary>
    void Receive(ReceiveBatch batch);

    /// <summary>
    /// Sends what <paramref name="batch"/> holds and empties it. False when the socket took only some; the rest stays in the batch for the next call.
    /// A datagram that cannot be sent, for whatever reason, counts as lost in the network: nothing here is fatal.
    /// </summary>
    bool Send(SendBatch batch);
}
