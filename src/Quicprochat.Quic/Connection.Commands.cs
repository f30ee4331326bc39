using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic;

/// <content>Commands from above. Each may leave something to send, which the endpoint's next transmit takes.</content>
public sealed partial class Connection
{
    /// <summary>Server: answers <see cref="ConnectionEventKind.HelloReceived"/> with a certificate and options; the handshake goes on.</summary>
    /// <param name="now">The time in microseconds.</param>
    /// <param name="options">What the host chose.</param>
    public void Accept(long now, ServerConnectionOptions options)
    {
        if (_state == ConnectionState.AwaitingOptions && Hello is not null)
        {
            AcceptWith(now, options);
            Touch();
        }
    }

    /// <summary>Server: answers <see cref="ConnectionEventKind.HelloReceived"/> with CONNECTION_CLOSE.</summary>
    /// <param name="now">The time in microseconds.</param>
    /// <param name="code">CONNECTION_REFUSED, or CRYPTO_ERROR plus a TLS alert.</param>
    /// <param name="reason">Words for the peer.</param>
    public void Refuse(long now, TransportErrorCode code, string reason)
    {
        if (IsOpen)
        {
            CloseWith(now, new TransportError(code, 0, reason));
            Touch();
        }
    }

    /// <summary>Opens a stream; false when the peer's limit is reached (<see cref="ConnectionEventKind.StreamsAvailable"/> follows) or the connection is not established.</summary>
    public bool TryOpenStream(StreamType type, out StreamId id)
    {
        id = default;
        if (_streams is null || !IsHandshakeComplete || !IsOpen)
        {
            return false;
        }
        bool opened = _streams.TryOpen(type, out id);
        Touch();
        return opened;
    }

    /// <summary>Takes as much of <paramref name="data"/> as the send buffer holds.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="data">Bytes to send.</param>
    /// <param name="finish">True to end the stream behind the last byte; counts only when all bytes were taken.</param>
    /// <param name="taken">How many bytes were taken.</param>
    public StreamWriteStatus Write(StreamId id, ReadOnlySpan<byte> data, bool finish, out int taken)
    {
        taken = 0;
        if (_streams is null || !IsOpen)
        {
            return StreamWriteStatus.Closed;
        }
        StreamWriteStatus status = _streams.Write(id, data, finish, out taken);
        Touch();
        return status;
    }

    /// <summary>Copies what has arrived in order.</summary>
    /// <param name="now">The time in microseconds, by which windows grow.</param>
    /// <param name="id">The stream.</param>
    /// <param name="destination">Filled from the start.</param>
    /// <param name="count">Bytes copied.</param>
    /// <param name="code">The peer's code when it reset the stream.</param>
    public StreamReadStatus Read(long now, StreamId id, Span<byte> destination, out int count, out long code)
    {
        count = 0;
        code = 0;
        if (_streams is null)
        {
            return StreamReadStatus.Closed;
        }
        StreamReadStatus status = _streams.Read(id, destination, now, out count, out code);
        if (_streams.HasPending)
        {
            Touch();
        }
        return status;
    }

    /// <summary>True when the stream's end has arrived and everything before it: what is unread is all there will be.</summary>
    public bool IsReadFinished(StreamId id) => _streams is not null && _streams.IsReadFinished(id);

    /// <summary>Ends the sending side abruptly with RESET_STREAM.</summary>
    public void ResetStream(StreamId id, long code)
    {
        if (_streams is not null && IsOpen)
        {
            _streams.Reset(id, code);
            Touch();
        }
    }

    /// <summary>Asks the peer to stop sending; what is buffered is dropped.</summary>
    public void StopSending(StreamId id, long code)
    {
        if (_streams is not null && IsOpen)
        {
            _streams.StopSending(id, code);
            Touch();
        }
    }

    /// <summary>The application is done with the stream: once both sides are final it is forgotten, and the peer may open another.</summary>
    public void ReleaseStream(StreamId id)
    {
        if (_streams is not null && IsOpen)
        {
            _streams.Release(id);
            Touch();
        }
    }

    /// <summary>Queues a datagram (RFC 9221).</summary>
    /// <returns>False when the queue is full (<see cref="ConnectionEventKind.DatagramWritable"/> follows) or the payload is longer than <see cref="MaxDatagramSize"/>.</returns>
    public bool TrySendDatagram(ReadOnlySpan<byte> payload)
    {
        if (_datagrams is null || !IsOpen || !IsHandshakeComplete)
        {
            return false;
        }
        bool queued = _datagrams.TrySend(payload, PacketRoom);
        Touch();
        return queued;
    }

    /// <summary>Takes the oldest received datagram; false when there is none or <paramref name="destination"/> is shorter than it.</summary>
    public bool TryTakeDatagram(Span<byte> destination, out int count)
    {
        count = 0;
        return _datagrams is not null && _datagrams.TryTake(destination, out count);
    }

    /// <summary>Starts a key update (RFC 9001 §6.1); false while the handshake is not confirmed or the last update is not acknowledged.</summary>
    public bool TryUpdateKeys()
    {
        if (!IsOpen || !IsConfirmed || !_keys!.TryUpdate())
        {
            return false;
        }
        _pingRequested = true;
        Touch();
        return true;
    }

    /// <summary>Sends a PING, which the peer acknowledges.</summary>
    public void Ping()
    {
        if (IsOpen)
        {
            _pingRequested = true;
            Touch();
        }
    }

    /// <summary>Closes with an application code. A second call does nothing.</summary>
    /// <param name="now">The time in microseconds.</param>
    /// <param name="code">The application's error code, 0 to 2^62-1.</param>
    /// <param name="reason">Words for the peer, cut to 1,024 bytes of UTF-8.</param>
    public void Close(long now, long code, string reason)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(code);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, VarInt.Max);
        if (IsOpen)
        {
            EnterClosing(now, new ConnectionClose(CloseKind.LocalApplication, code, 0, reason));
            Touch();
        }
    }

    /// <summary>The host moved to another local address or port, on purpose or by a change of network: the connection migrates (RFC 9000 §9.2).</summary>
    /// <param name="now">The time in microseconds.</param>
    /// <param name="local">The new local address; default where it is not known.</param>
    /// <returns>False before the handshake is confirmed, where the server forbids it or has given no spare connection id, and at a server, which never migrates.</returns>
    public bool HandleLocalAddressChanged(long now, in Address local)
    {
        // A server that forbids it sees what a NAT's rebinding would look like: the same connection id from another address (RFC 9000 §9).
        // Without a connection id of its own the new path could be linked to the old one by anyone who watches (RFC 9000 §9.5).
        if (!IsOpen || !IsConfirmed || Side == Side.Server || _peerParameters is { DisableActiveMigration: true } || !_peerIds.HasSpare)
        {
            return false;
        }
        MigrateLocally(now, local);
        Touch();
        return true;
    }
}
