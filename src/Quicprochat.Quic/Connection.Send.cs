using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Paths;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic;

/// <content>From what waits to be sent to datagrams, built straight into the caller's buffer (RFC 9000 §12.2, §13, §14).</content>
public sealed partial class Connection
{
    /// <summary>Bytes that a datagram with an Initial has at least (RFC 9000 §14.1).</summary>
    private const int MinInitialDatagram = 1200;

    /// <summary>Bytes below which a packet is not worth beginning: header, one small frame, tag.</summary>
    private const int MinPacket = 64;

    /// <summary>Stands for "no path" in what is remembered of a packet that says nothing about the current path's congestion.</summary>
    private const int NoPath = -1;

    private bool _pingRequested;
    private int _datagramRoom;
    private bool _fillsDatagram;
    private Sending _sending;

    // Where the datagram under construction goes: null for a path other than the current one, and for the close.
    private readonly record struct Sending(PathState? Path, Ecn Mark);

    /// <summary>Fills the buffer with datagrams of one size and destination; false when there is nothing to send now.</summary>
    internal bool TryTakeTransmit(long now, Span<byte> buffer, int maxSegments, out Transmit transmit)
    {
        if (!IsOpen)
        {
            return TryTakeClose(now, buffer, out transmit);
        }
        if (TryTakePathDatagram(now, buffer, out transmit))
        {
            return true;
        }
        int segmentSize = 0;
        int length = 0;
        Ecn mark = _path.Ecn.Mark;
        _sending = new Sending(_path, mark);
        for (int segments = 0; segments < maxSegments && _path.Ecn.Mark == mark; segments++)
        {
            int size = (int)Math.Min(Math.Min(_path.Mtu.Current, buffer.Length - length), _path.Budget);
            if (size < MinPacket || (segmentSize > 0 && size < segmentSize))
            {
                break;
            }
            int written = BuildDatagram(now, buffer.Slice(length, size));
            if (written == 0)
            {
                break;
            }
            length += written;
            segmentSize = Math.Max(segmentSize, written);
            OnDatagramSent(_path, written);
            if (written < _path.Mtu.Current)
            {
                break; // Only the last datagram of a batch may be shorter.
            }
        }
        if (length == 0 && TryBuildMtuProbe(now, buffer, out length))
        {
            segmentSize = length;
        }
        RefreshLossTimer(now);
        transmit = new Transmit(_path.Address, length, segmentSize, mark);
        return length > 0;
    }

    private bool TryTakeClose(long now, Span<byte> buffer, out Transmit transmit)
    {
        _sending = default;
        int length = _closeIsDue ? WriteClose(now, buffer) : 0;
        OnDatagramSent(_path, length);
        transmit = new Transmit(_path.Address, length, length, Ecn.NotEct);
        return length > 0;
    }

    private int BuildDatagram(long now, Span<byte> buffer)
    {
        bool congested = IsCongested(now, buffer.Length);
        _datagramRoom = buffer.Length;
        int last = -1;
        for (int i = 0; i < _spaces.Length; i++)
        {
            if (WantsToSend(_spaces[i], congested))
            {
                last = i;
            }
        }
        if (last < 0)
        {
            return 0;
        }
        int written = 0;
        bool padded = false;
        for (int i = 0; i <= last; i++)
        {
            PacketSpace space = _spaces[i];
            if (!WantsToSend(space, congested))
            {
                continue;
            }
            if (space.Level == EncryptionLevel.Initial)
            {
                // A server's bare acknowledgement needs no padding; everything else with an Initial does (RFC 9000 §14.1).
                padded = Side == Side.Client || HasAckEliciting(space, congested);
                if (padded && buffer.Length < MinInitialDatagram)
                {
                    return 0;
                }
            }
            // A challenge proves the path for datagrams of that size too (RFC 9000 §8.2.1).
            bool challenges = _path.ChallengeIsDue && space.Level == EncryptionLevel.Application && !congested;
            int padTo = (padded || challenges) && i == last ? Math.Min(MinInitialDatagram, buffer.Length) - written : 0;
            if (buffer.Length - written < MinPacket)
            {
                break;
            }
            _fillsDatagram = padded && i != last;
            written += BuildPacket(now, space, buffer[written..], padTo, congested);
            _fillsDatagram = false;
        }
        return written;
    }

    /// <summary>One packet of a space: acknowledgements, then whatever is most urgent, as much as fits.</summary>
    private int BuildPacket(long now, PacketSpace space, Span<byte> buffer, int padTo, bool congested)
    {
        bool probe = space.ProbesDue > 0;
        if (probe && !HasFrames(space))
        {
            RepeatOldest(space);
        }
        var writer = new Writer(buffer[..^PacketProtection.TagSize]);
        PacketLayout layout = BeginPacket(space, ref writer);
        bool ackEliciting = false;
        if (space.Acks.IsWanted || (probe && space.Received.Largest >= 0))
        {
            WriteAck(now, space, ref writer);
        }
        if (!congested || probe)
        {
            ackEliciting = WriteFrames(now, space, ref writer);
            if (!ackEliciting && (probe || (_pingRequested && space.Level == EncryptionLevel.Application)) && writer.Free > 0)
            {
                writer.WriteByte((byte)FrameType.Ping);
                space.Sent.Add(new SentFrame(SentFrameKind.Ping));
                ackEliciting = true;
            }
        }
        if (ackEliciting && space.Level == EncryptionLevel.Application)
        {
            _pingRequested = false;
        }
        if (probe && ackEliciting)
        {
            space.ProbesDue--;
        }
        return FinishPacket(now, space, buffer, ref writer, layout, padTo, ackEliciting ? SentPacketFlags.AckEliciting | SentPacketFlags.InFlight : SentPacketFlags.None);
    }

    private PacketLayout BeginPacket(PacketSpace space, ref Writer writer)
    {
        MaybeSkipNumber(space);
        long number = space.NextNumber;
        int numberLength = PacketNumber.EncodedLength(number, space.Loss.LargestAcked);
        if (space.Level == EncryptionLevel.Application)
        {
            return new ShortHeader { Destination = _peerIds.Current, KeyPhase = _keys!.Phase }.Write(ref writer, number, numberLength);
        }
        return new LongHeader
        {
            Type = space.Level == EncryptionLevel.Initial ? LongPacketType.Initial : LongPacketType.Handshake,
            Destination = _peerIds.Current,
            Source = _localSourceId,
            Token = space.Level == EncryptionLevel.Initial ? _token : default(ReadOnlySpan<byte>),
        }.Write(ref writer, number, numberLength);
    }

    private int FinishPacket(long now, PacketSpace space, Span<byte> buffer, ref Writer writer, in PacketLayout layout, int padTo, SentPacketFlags flags)
    {
        int payload = writer.Position - layout.PayloadOffset;
        if (payload == 0 && padTo == 0)
        {
            space.Sent.Abandon();
            return 0;
        }
        if (_fillsDatagram && buffer.Length - (writer.Position + PacketProtection.TagSize) < MinPacket)
        {
            padTo = buffer.Length; // Nothing fits behind it, so the padding the datagram needs is this packet's.
        }
        int padding = Math.Max(layout.MinPayloadLength - payload, padTo - (writer.Position + PacketProtection.TagSize));
        if (padding > 0)
        {
            writer.Reserve(padding).Clear();
            flags |= _sending.Path is null ? SentPacketFlags.None : SentPacketFlags.InFlight; // PADDING counts against the window (RFC 9002 §2).
        }
        ProtectionKeys? keys = space.SendKeys;
        PacketKeys packetKeys = keys?.Packet ?? _keys!.Send;
        int size = PacketProtection.Seal(buffer, layout, writer.Position, packetKeys, keys?.Header ?? _keys!.SendHeader);
        OnPacketSent(now, space, layout.PacketNumber, size, flags);
        return size;
    }

    private void OnPacketSent(long now, PacketSpace space, long number, int size, SentPacketFlags flags)
    {
        if (_sending.Mark != Ecn.NotEct)
        {
            flags |= SentPacketFlags.Ect;
        }
        var packet = new SentPacket(number, now, size, flags, _sending.Path?.Id ?? NoPath);
        space.Sent.Commit(packet);
        _sending.Path?.Recovery.OnPacketSent(space.Level, packet);
        space.NextNumber = number + 1;
        _packetsSent++;
        _lastSent = now;
        if ((flags & SentPacketFlags.AckEliciting) != 0)
        {
            _lossTimerIsStale = true;
            RestartIdleTimer(now, bySend: true);
        }
        if (space.Level == EncryptionLevel.Application)
        {
            OnApplicationPacketSent(now, number);
        }
        else if (space.Level == EncryptionLevel.Handshake && Side == Side.Client)
        {
            _isFinishedSent |= IsHandshakeComplete && !space.Crypto.HasPending;
            DiscardSpace(Initial); // RFC 9001 §4.9.1
        }
    }

    private void OnApplicationPacketSent(long now, long number)
    {
        ApplicationKeys keys = _keys!;
        keys.FirstSentOfPhase = Math.Min(keys.FirstSentOfPhase, number);
        if (keys.IsWorn && IsConfirmed)
        {
            keys.TryUpdate();
        }
        if (keys.IsExhausted)
        {
            // Not even a CONNECTION_CLOSE may be sealed with it (RFC 9001 §6.6).
            EnterDrained(new ConnectionClose(CloseKind.LocalTransport, (long)TransportErrorCode.AeadLimitReached, 0, "The send key is used up and could not be updated."));
        }
    }

    // An attacker that acknowledges what it has not seen is caught by numbers that were never sent (RFC 9000 §21.4).
    private void MaybeSkipNumber(PacketSpace space)
    {
        if (space.Level != EncryptionLevel.Application || space.NextNumber < _nextSkip)
        {
            return;
        }
        Span<byte> random = stackalloc byte[2];
        _random.Fill(random);
        long span = Math.Max(128, 2 * (_path.Congestion.Window / _path.Mtu.Current));
        if (_nextSkip > 0)
        {
            space.Sent.Skip(space.NextNumber);
            space.NextNumber++;
        }
        _nextSkip = space.NextNumber + (span / 2) + (BitConverter.ToUInt16(random) % span);
    }

    private long _nextSkip;

    private void OnDatagramSent(PathState path, int bytes)
    {
        path.BytesSent += bytes;
        _bytesSent += bytes;
    }

    private bool IsCongested(long now, int size)
    {
        _pacingDeadline = long.MaxValue;
        if (_path.Congestion.BytesInFlight + size > _path.Congestion.Window)
        {
            _path.Recovery.IsAppLimited = false;
            return true;
        }
        long next = _path.Recovery.Pacer.NextSendTime(now, _path.Congestion.Window, _path.Rtt.Smoothed, _path.Mtu.Current);
        if (next > now)
        {
            _path.Recovery.IsAppLimited = false;
            if (HasAnythingAckEliciting())
            {
                _pacingDeadline = next;
            }
            return true;
        }
        return false;
    }

    private bool WantsToSend(PacketSpace space, bool congested) =>
        space.HasKeys && (space.Level != EncryptionLevel.Application || IsHandshakeComplete)
        && (space.Acks.IsDue || HasAckEliciting(space, congested));

    private bool HasAckEliciting(PacketSpace space, bool congested) => space.ProbesDue > 0 || (!congested && HasFrames(space));

    private bool HasFrames(PacketSpace space) =>
        space.Crypto.HasPending || (space.Level == EncryptionLevel.Application && HasApplicationFrames());

    private bool HasAnythingAckEliciting()
    {
        foreach (PacketSpace space in _spaces)
        {
            if (space.HasKeys && HasAckEliciting(space, congested: false))
            {
                return true;
            }
        }
        return false;
    }

    private bool HasApplicationFrames()
    {
        bool any = _handshakeDoneIsDue || _newTokenIsDue || _pingRequested || _path.ChallengeIsDue || _idsToAnnounce.Count > 0
            || _peerIds.HasRetirements || _datagrams is { HasPending: true } || _streams is { HasPending: true };
        _path.Recovery.IsAppLimited |= !any;
        return any;
    }

    // A probe should carry what is most likely missing: the frames of the oldest packet without an answer (RFC 9002 §6.2.4).
    private void RepeatOldest(PacketSpace space)
    {
        if (!space.Sent.TryGetOldestAckEliciting(out SentPacket oldest))
        {
            return;
        }
        for (int i = 0; i < oldest.FrameCount; i++)
        {
            OnFrameLost(space, space.Sent.FrameOf(oldest, i));
        }
    }
}
