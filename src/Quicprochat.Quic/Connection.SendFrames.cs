using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Paths;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic;

/// <content>Which frames go into a packet, the most urgent first.</content>
public sealed partial class Connection
{
    /// <summary>Runs in one ACK frame; older ones have been told often enough.</summary>
    private const int AckRangesSent = 32;

    /// <summary>Packet numbers behind the newest acknowledged ACK that are still told from duplicates.</summary>
    private const int AckRangesKept = 1024;

    private const int AddressTokenBytesMax = 512;

    private const int RetireConnectionIdSizeMax = 1 + 8;

    private const int NewConnectionIdSizeMax = 1 + 8 + 8 + 1 + LocalConnectionIds.Length + StatelessResetToken.Size;

    private readonly Queue<long> _idsToAnnounce = new();

    /// <summary>Longest DATAGRAM payload that fits now, in bytes; 0 when the peer takes none.</summary>
    public int MaxDatagramSize => _datagrams?.MaxPayload(PacketRoom) ?? 0;

    /// <summary>Bytes of frames that a full 1-RTT packet holds: what is left behind the longest header and the tag.</summary>
    private int PacketRoom => _path.Mtu.Current - (1 + _peerIds.Current.Length + PacketNumber.MaxLength) - PacketProtection.TagSize;

    private void WriteAck(long now, PacketSpace space, ref Writer writer)
    {
        ReadOnlySpan<AckRange> ranges = space.Received.Descending;
        ranges = ranges[..Math.Min(ranges.Length, AckRangesSent)];
        bool isApplication = space.Level == EncryptionLevel.Application;
        long delay = isApplication ? Math.Max(0, now - space.Acks.LargestReceivedAt) >> TransportParameters.DefaultAckDelayExponent : 0;
        if (!AckFrame.TryWrite(ref writer, ranges, delay, space.EcnCounts, writer.Free))
        {
            return;
        }
        long largest = space.Received.Largest;
        space.Sent.Add(new SentFrame(SentFrameKind.Ack, largest));
        space.Acks.OnSent();
        if (isApplication)
        {
            _keys!.OnAckSent(largest);
        }
    }

    /// <summary>Writes ack-eliciting frames; true when there was at least one.</summary>
    private bool WriteFrames(long now, PacketSpace space, ref Writer writer)
    {
        int before = space.Sent.PendingFrames;
        int start = writer.Position;
        space.Crypto.WriteFrames(ref writer, space.Sent);
        if (space.Level == EncryptionLevel.Application)
        {
            WriteControlFrames(now, space.Sent, ref writer);
            _datagrams?.WriteFrames(ref writer, space.Sent, PacketRoom);
            _streams?.WriteFrames(ref writer, space.Sent);
        }
        return space.Sent.PendingFrames > before && writer.Position > start;
    }

    private void WriteControlFrames(long now, SentPacketLog log, ref Writer writer)
    {
        if (_handshakeDoneIsDue && writer.Free >= 1)
        {
            writer.WriteByte((byte)FrameType.HandshakeDone);
            log.Add(new SentFrame(SentFrameKind.HandshakeDone));
            _handshakeDoneIsDue = false;
        }
        if (_path.ChallengeIsDue && writer.Free >= PathChallengeFrame.Size)
        {
            new PathChallengeFrame(_path.TakeChallenge(now, ProbeTimeout(), _random, _datagramRoom >= MinInitialDatagram)).Write(ref writer);
            log.Add(new SentFrame(SentFrameKind.PathChallenge));
        }
        WriteIdFrames(log, ref writer);
        if (_newTokenIsDue)
        {
            byte[] token = new byte[AddressTokenBytesMax];
            int length = _endpoint.WriteNewToken(now, _path.Address.Remote, token);
            var frame = new NewTokenFrame(token.AsSpan(0, length));
            if (writer.Free >= frame.Size)
            {
                frame.Write(ref writer);
                log.Add(new SentFrame(SentFrameKind.NewToken));
                _newTokenIsDue = false;
            }
        }
    }

    private void WriteIdFrames(SentPacketLog log, ref Writer writer)
    {
        while (_idsToAnnounce.TryPeek(out long sequence) && writer.Free >= NewConnectionIdSizeMax)
        {
            _idsToAnnounce.Dequeue();
            if (_localIds.TryGet(sequence, out ConnectionId id))
            {
                new NewConnectionIdFrame(sequence, 0, id, _endpoint.ResetTokenOf(id)).Write(ref writer);
                log.Add(new SentFrame(SentFrameKind.NewConnectionId, sequence));
                _localIds.OnAnnounced(sequence);
            }
        }
        while (_peerIds.HasRetirements && writer.Free >= RetireConnectionIdSizeMax && _peerIds.TryTakeRetirement(out long retired))
        {
            new RetireConnectionIdFrame(retired).Write(ref writer);
            log.Add(new SentFrame(SentFrameKind.RetireConnectionId, retired));
        }
    }

    private void IssueConnectionIds()
    {
        if (_peerParameters is not { } peer)
        {
            return;
        }
        for (int wanted = _localIds.Wanted(peer.ActiveConnectionIdLimit); wanted > 0; wanted--)
        {
            _idsToAnnounce.Enqueue(AddLocalId());
        }
    }

    private long AddLocalId() => _localIds.Add(_endpoint.NewConnectionId(this));

    private void RemoveRoutes()
    {
        foreach (ConnectionId id in _localIds.All())
        {
            _endpoint.RemoveRoute(id);
        }
        if (_temporaryRoute is { } route)
        {
            _endpoint.RemoveRoute(route);
        }
        RemoveResetTokens();
    }

    private void AddResetTokens()
    {
        foreach (StatelessResetToken token in _peerIds.Tokens())
        {
            _endpoint.AddResetToken(token, this);
        }
    }

    private void RemoveResetTokens()
    {
        foreach (StatelessResetToken token in _peerIds.Tokens())
        {
            _endpoint.RemoveResetToken(token);
        }
    }
}
