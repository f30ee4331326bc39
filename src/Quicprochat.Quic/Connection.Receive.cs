using Quicprochat.Crypto.Aead;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Paths;

namespace Quicprochat.Quic;

/// <content>From datagram to payload: coalesced packets, keys, packet numbers, duplicates (RFC 9000 §12; RFC 9001 §5).</content>
public sealed partial class Connection
{
    private const int DeferredPacketsMax = 16;
    private const int DeferredBytesMax = 24 * 1024;

    private readonly List<DeferredPacket> _deferred = [];
    private int _deferredBytes;
    private bool _keysAreNew;
    private ConnectionId _receivedOn;

    // A packet that came before its keys: reordering around the handshake must not cost a probe timeout (RFC 9001 §5.7).
    private readonly record struct DeferredPacket(EncryptionLevel Level, NetworkPath Path, Ecn Ecn, byte[] Bytes);

    /// <summary>Takes a datagram that routes here. Returns false when no packet in it was authentic.</summary>
    internal bool HandleDatagram(long now, in NetworkPath path, Ecn ecn, Span<byte> datagram)
    {
        if (_state is ConnectionState.Draining or ConnectionState.Drained)
        {
            return false;
        }
        if (_state == ConnectionState.Closing)
        {
            _path.BytesReceived += datagram.Length;
            OnPacketWhileClosing();
            return false;
        }
        if (!IsFromKnownHost(path))
        {
            return false;
        }
        _lossTimerIsStale |= Side == Side.Server && !_path.IsValidated;
        CountReceived(path, datagram.Length);
        long before = _packetsReceived;
        ReadPackets(now, path, ecn, datagram);
        ReplayDeferred(now);
        RefreshLossTimer(now);
        return _packetsReceived != before;
    }

    private void ReadPackets(long now, in NetworkPath path, Ecn ecn, Span<byte> datagram)
    {
        int datagramLength = datagram.Length;
        ConnectionId? firstId = null;
        while (datagram.Length > 0 && IsOpen)
        {
            if (!InvariantHeader.IsLong(datagram[0]))
            {
                if (!ShortHeader.TryRead(datagram, LocalConnectionIds.Length, out ShortHeader shortHeader)
                    || (firstId is { } first && !first.Equals(shortHeader.Destination)))
                {
                    return;
                }
                _receivedOn = shortHeader.Destination;
                HandleProtected(now, new Arrival(EncryptionLevel.Application, path, ecn, datagramLength), datagram, shortHeader.PacketNumberOffset);
                return;
            }
            if (!LongHeader.TryRead(datagram, out LongHeader header))
            {
                return;
            }
            // Coalesced packets all belong to one connection (RFC 9000 §12.2).
            if (firstId is { } id && !id.Equals(header.Destination))
            {
                return;
            }
            firstId = header.Destination;
            _receivedOn = header.Destination;
            Span<byte> packet = datagram[..header.PacketSize];
            datagram = datagram[header.PacketSize..];
            HandleLong(now, path, ecn, datagramLength, packet, header);
        }
    }

    private void HandleLong(long now, in NetworkPath path, Ecn ecn, int datagramLength, Span<byte> packet, in LongHeader header)
    {
        switch (header.Type)
        {
            case LongPacketType.Retry:
                HandleRetry(packet, header);
                break;
            case LongPacketType.Initial or LongPacketType.Handshake:
                if (_peerIdIsFixed && !header.Source.Equals(_handshakePeerId))
                {
                    return; // The peer's id is fixed by its first Initial (RFC 9000 §7.2).
                }
                if (Side == Side.Client && !header.Token.IsEmpty)
                {
                    return; // Only clients send tokens (RFC 9000 §17.2.2).
                }
                EncryptionLevel level = header.Type == LongPacketType.Initial ? EncryptionLevel.Initial : EncryptionLevel.Handshake;
                if (level == EncryptionLevel.Initial && datagramLength < MinInitialDatagram && Side == Side.Server)
                {
                    return; // RFC 9000 §14.1
                }
                _initialSourceSeen = header.Source;
                HandleProtected(now, new Arrival(level, path, ecn, datagramLength), packet, header.PacketNumberOffset);
                break;
            default:
                break; // 0-RTT is never accepted: docs/decisions/no-0rtt.md
        }
    }

    private readonly record struct Arrival(EncryptionLevel Level, NetworkPath Path, Ecn Ecn, int DatagramLength);

    private void HandleProtected(long now, in Arrival arrival, Span<byte> packet, int packetNumberOffset)
    {
        PacketSpace space = _spaces[(int)arrival.Level];
        bool tooEarly = arrival.Level == EncryptionLevel.Application && Side == Side.Server && !IsHandshakeComplete; // RFC 9001 §5.7
        if (!space.HasKeys || tooEarly)
        {
            if (!space.IsDiscarded)
            {
                Defer(arrival, packet);
            }
            return;
        }
        HeaderProtectionKey headerKey = space.ReceiveKeys?.Header ?? _keys!.ReceiveHeader;
        if (!PacketProtection.TryUnmaskHeader(packet, packetNumberOffset, headerKey, out UnmaskedHeader header))
        {
            return;
        }
        long number = PacketNumber.Decode(header.TruncatedPacketNumber, header.PacketNumberLength, space.Received.Largest);
        if (!TryOpen(now, space, packet, header, number, out Span<byte> payload))
        {
            return;
        }
        if (!space.Received.Insert(number))
        {
            return; // A duplicate (RFC 9000 §12.3).
        }
        OnAuthenticated(now, arrival, space, number);
        // Reserved bits mean something only once the packet is authentic (RFC 9000 §17.2).
        TransportError? error = header.HasReservedBits
            ? new TransportError(TransportErrorCode.ProtocolViolation, 0, "A packet has its reserved bits set.")
            : HandlePayload(now, arrival, space, number, payload);
        if (error is { } offence)
        {
            CloseWith(now, offence);
        }
    }

    private bool TryOpen(long now, PacketSpace space, Span<byte> packet, in UnmaskedHeader header, long number, out Span<byte> payload)
    {
        bool opened = space.Level == EncryptionLevel.Application
            ? _keys!.TryOpen(packet, header, number, now + (3 * ProbeTimeout()), out payload)
            : PacketProtection.TryOpenPayload(packet, header, number, space.ReceiveKeys!.Packet, out payload);
        if (!opened)
        {
            CheckIntegrityLimit(now, space);
        }
        else if (_keys is { UpdatedTooSoon: true })
        {
            CloseWith(now, new TransportError(TransportErrorCode.KeyUpdateError, 0, "Keys were updated again before the last update was acknowledged.")); // RFC 9001 §6.2
        }
        return opened && IsOpen;
    }

    // RFC 9001 §6.6: too many forgeries weaken the key.
    private void CheckIntegrityLimit(long now, PacketSpace space)
    {
        bool reached = space.Level == EncryptionLevel.Application
            ? _keys!.IntegrityLimitReached
            : space.ReceiveKeys!.Packet.FailedOpens >= AeadLimits.Integrity(space.ReceiveKeys.Packet.Algorithm);
        if (reached)
        {
            CloseWith(now, new TransportError(TransportErrorCode.AeadLimitReached, 0, "Too many packets failed authentication."));
        }
    }

    private void OnAuthenticated(long now, in Arrival arrival, PacketSpace space, long number)
    {
        _packetsReceived++;
        _versionIsFixed = true;
        RestartIdleTimer(now, bySend: false);
        space.CountEcn(arrival.Ecn);
        if (arrival.Path.Remote == _path.Address.Remote)
        {
            OnAuthenticatedOnPath(now, arrival.Path);
        }
        if (Side == Side.Client && !_peerIdIsFixed && arrival.Level == EncryptionLevel.Initial)
        {
            _peerIdIsFixed = true;
            _handshakePeerId = _initialSourceSeen;
            _peerIds.ReplaceInitial(_handshakePeerId);
        }
        if (Side == Side.Server && arrival.Level == EncryptionLevel.Handshake)
        {
            _path.IsValidated = true; // RFC 9000 §8.1
            DiscardSpace(Initial); // RFC 9001 §4.9.1
        }
    }

    private void OnAuthenticatedOnPath(long now, in NetworkPath path)
    {
        if (_path.Address.Local != path.Local && path.Local != default)
        {
            _path.Address = path; // The local address is learnt from what arrives.
        }
        if (IsConfirmed && !_path.IsValidated && !_path.IsBeingValidated)
        {
            _path.StartValidation(now, ProbeTimeout()); // It was silent for a while, and is here again.
        }
    }

    private void Defer(in Arrival arrival, ReadOnlySpan<byte> packet)
    {
        if (_deferred.Count < DeferredPacketsMax && _deferredBytes + packet.Length <= DeferredBytesMax)
        {
            _deferred.Add(new DeferredPacket(arrival.Level, arrival.Path, arrival.Ecn, packet.ToArray()));
            _deferredBytes += packet.Length;
        }
    }

    // New keys, or the handshake's end, may open what came too early.
    private void ReplayDeferred(long now)
    {
        if (_deferred.Count == 0 || !_keysAreNew)
        {
            return;
        }
        _keysAreNew = false;
        DeferredPacket[] packets = [.. _deferred];
        _deferred.Clear();
        _deferredBytes = 0;
        foreach (DeferredPacket packet in packets)
        {
            if (IsOpen)
            {
                ReadPackets(now, packet.Path, packet.Ecn, packet.Bytes);
            }
        }
    }

    private void CountReceived(in NetworkPath path, int length)
    {
        _bytesReceived += length;
        if (path.Remote == _path.Address.Remote)
        {
            _path.BytesReceived += length;
        }
        else if (_previousPath is { } previous && path.Remote == previous.Address.Remote)
        {
            previous.BytesReceived += length;
        }
    }

    // A client's server does not move by itself (RFC 9000 §9); nobody moves before the handshake is confirmed.
    private bool IsFromKnownHost(in NetworkPath path) =>
        path.Remote == _path.Address.Remote || (Side == Side.Server && IsConfirmed);
}
