using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Paths;

namespace Quicprochat.Quic;

/// <content>From payload to frames, and each frame to whom it concerns (RFC 9000 §12.4, §19).</content>
public sealed partial class Connection
{
    private TransportError? HandlePayload(long now, in Arrival arrival, PacketSpace space, long number, ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return Violation(0, "A packet holds no frame."); // RFC 9000 §12.4
        }
        var reader = new Reader(payload);
        bool ackEliciting = false;
        bool probing = true;
        while (reader.Remaining > 0 && IsOpen)
        {
            if (!FrameType.TryRead(ref reader, out long type, out bool minimal))
            {
                return Malformed(0);
            }
            if (!minimal)
            {
                return Violation(type, "A frame type is not encoded in its shortest form."); // RFC 9000 §12.4
            }
            if (!FrameType.IsKnown(type))
            {
                return new TransportError(TransportErrorCode.FrameEncodingError, type, "A frame is of an unknown type."); // RFC 9000 §12.4
            }
            if (!FrameType.IsAllowed(type, arrival.Level))
            {
                return Violation(type, "A frame came in a packet of a type that may not hold it."); // RFC 9000 §12.4
            }
            ackEliciting |= FrameType.IsAckEliciting(type);
            probing &= FrameType.IsProbing(type);
            if (HandleFrame(now, arrival, space, type, ref reader) is { } error)
            {
                return error;
            }
        }
        if (!IsOpen || space.IsDiscarded)
        {
            return null;
        }
        space.Acks.OnReceived(now, number, ackEliciting, arrival.Ecn == Ecn.Ce, _options.MaxAckDelay);
        if (!probing && arrival.Level == EncryptionLevel.Application && number == space.Received.Largest)
        {
            FollowPeer(now, arrival);
        }
        return null;
    }

    private TransportError? HandleFrame(long now, in Arrival arrival, PacketSpace space, long type, ref Reader reader)
    {
        switch (type)
        {
            case FrameType.Padding:
                PaddingFrame.SkipRun(ref reader);
                return null;
            case FrameType.Ping:
                return null;
            case FrameType.Ack or FrameType.AckEcn:
                return AckFrame.TryRead(ref reader, type, out AckFrame ack) ? HandleAck(now, space, ack) : Malformed(type);
            case FrameType.Crypto:
                return CryptoFrame.TryRead(ref reader, out CryptoFrame crypto) ? HandleCrypto(now, space, crypto) : Malformed(type);
            case FrameType.ConnectionClose or FrameType.ConnectionCloseApplication:
                return ConnectionCloseFrame.TryRead(ref reader, type, out ConnectionCloseFrame close) ? HandleClose(now, close) : Malformed(type);
            case FrameType.NewToken:
                return HandleNewToken(ref reader);
            case FrameType.HandshakeDone:
                return HandleHandshakeDone(now);
            case FrameType.NewConnectionId:
                return NewConnectionIdFrame.TryRead(ref reader, out NewConnectionIdFrame issued) ? HandleNewConnectionId(issued) : Malformed(type);
            case FrameType.RetireConnectionId:
                return RetireConnectionIdFrame.TryRead(ref reader, out RetireConnectionIdFrame retire) ? HandleRetireConnectionId(retire) : Malformed(type);
            case FrameType.PathChallenge:
                return PathChallengeFrame.TryRead(ref reader, out PathChallengeFrame challenge) ? HandlePathChallenge(arrival, challenge) : Malformed(type);
            case FrameType.PathResponse:
                return PathResponseFrame.TryRead(ref reader, out PathResponseFrame response) ? HandlePathResponse(now, response) : Malformed(type);
            case FrameType.Datagram or FrameType.DatagramWithLength:
                int start = reader.Position - 1;
                return DatagramFrame.TryRead(ref reader, type, out DatagramFrame datagram)
                    ? _datagrams?.Handle(datagram, reader.Position - start) : Malformed(type);
            default:
                return HandleStreamFrame(type, ref reader);
        }
    }

    // Everything that concerns streams and their limits; allowed in 1-RTT packets only, so the table is there.
    private TransportError? HandleStreamFrame(long type, ref Reader reader)
    {
        if (_streams is null)
        {
            return Violation(type, "A stream frame came before the handshake was complete.");
        }
        if (FrameType.IsStream(type))
        {
            return StreamFrame.TryRead(ref reader, type, out StreamFrame stream) ? _streams.Handle(stream) : Malformed(type);
        }
        switch (type)
        {
            case FrameType.ResetStream:
                return ResetStreamFrame.TryRead(ref reader, out ResetStreamFrame reset) ? _streams.Handle(reset) : Malformed(type);
            case FrameType.StopSending:
                return StopSendingFrame.TryRead(ref reader, out StopSendingFrame stop) ? _streams.Handle(stop) : Malformed(type);
            case FrameType.MaxData:
                if (!MaxDataFrame.TryRead(ref reader, out MaxDataFrame maxData))
                {
                    return Malformed(type);
                }
                _streams.Handle(maxData);
                return null;
            case FrameType.MaxStreamData:
                return MaxStreamDataFrame.TryRead(ref reader, out MaxStreamDataFrame maxStreamData) ? _streams.Handle(maxStreamData) : Malformed(type);
            case FrameType.MaxStreamsBidi or FrameType.MaxStreamsUni:
                if (!MaxStreamsFrame.TryRead(ref reader, type, out MaxStreamsFrame maxStreams))
                {
                    return Malformed(type);
                }
                _streams.Handle(maxStreams);
                return null;
            case FrameType.DataBlocked:
                return DataBlockedFrame.TryRead(ref reader, out _) ? null : Malformed(type);
            case FrameType.StreamDataBlocked:
                return StreamDataBlockedFrame.TryRead(ref reader, out StreamDataBlockedFrame blocked) ? _streams.Handle(blocked) : Malformed(type);
            case FrameType.StreamsBlockedBidi or FrameType.StreamsBlockedUni:
                return StreamsBlockedFrame.TryRead(ref reader, type, out _) ? null : Malformed(type);
            default:
                return Malformed(type);
        }
    }

    private TransportError? HandleClose(long now, in ConnectionCloseFrame close)
    {
        string reason = System.Text.Encoding.UTF8.GetString(close.Reason);
        EnterDraining(now, close.IsApplication
            ? new ConnectionClose(CloseKind.PeerApplication, close.ErrorCode, 0, reason)
            : new ConnectionClose(CloseKind.PeerTransport, close.ErrorCode, close.OffendingFrameType, reason));
        return null;
    }

    private TransportError? HandleNewToken(ref Reader reader)
    {
        if (Side == Side.Server)
        {
            return Violation(FrameType.NewToken, "A client sent NEW_TOKEN."); // RFC 9000 §19.7
        }
        if (!NewTokenFrame.TryRead(ref reader, out NewTokenFrame frame))
        {
            return Malformed(FrameType.NewToken);
        }
        if (frame.Token.Length <= AddressTokenBytesMax)
        {
            NewestAddressToken = frame.Token.ToArray();
        }
        return null;
    }

    private TransportError? HandleNewConnectionId(in NewConnectionIdFrame frame)
    {
        if (_peerIds.Current.IsEmpty)
        {
            return Violation(FrameType.NewConnectionId, "A peer without connection ids issued one."); // RFC 9000 §19.15
        }
        RemoveResetTokens();
        TransportError? error = _peerIds.Add(frame);
        AddResetTokens();
        return error;
    }

    private TransportError? HandleRetireConnectionId(in RetireConnectionIdFrame frame)
    {
        TransportError? error = _localIds.Retire(frame.SequenceNumber, _receivedOn, out ConnectionId? retired);
        if (retired is { } id)
        {
            _endpoint.RemoveRoute(id);
            IssueConnectionIds();
        }
        return error;
    }

    private TransportError? HandlePathChallenge(in Arrival arrival, in PathChallengeFrame frame)
    {
        bool validated = arrival.Path.Remote == _path.Address.Remote && _path.IsValidated;
        int budget = validated ? MinInitialDatagram : Math.Min(MinInitialDatagram, 3 * arrival.DatagramLength);
        _pathResponses.Add(new PathResponses.Owed(arrival.Path, frame.Data, budget));
        return null;
    }

    private static TransportError Violation(long frameType, string reason) => new(TransportErrorCode.ProtocolViolation, frameType, reason);

    private static TransportError Malformed(long frameType) =>
        new(TransportErrorCode.FrameEncodingError, frameType, "A frame is malformed."); // RFC 9000 §12.4
}
