using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic;

/// <content>What acknowledgements tell: round-trip times, losses, congestion, and which frames must be sent again (RFC 9002).</content>
public sealed partial class Connection
{
    private bool _handshakeIsAcknowledged;

    private TransportError? HandleAck(long now, PacketSpace space, in AckFrame ack)
    {
        if (space.IsDiscarded)
        {
            return null;
        }
        AckOutcome outcome = _endpoint.AckOutcome;
        outcome.Clear();
        if (space.Loss.Acknowledge(ack, outcome) is { } error)
        {
            return error;
        }
        if (outcome.Acked.Length == 0)
        {
            return null;
        }
        PathRecovery recovery = _path.Recovery;
        long delay = space.Level == EncryptionLevel.Application
            ? ack.DelayWith(_peerParameters?.AckDelayExponent ?? TransportParameters.DefaultAckDelayExponent) : 0;
        recovery.UpdateRtt(now, delay, IsConfirmed ? PeerMaxAckDelay : long.MaxValue, outcome);
        _streams?.Rtt = recovery.Rtt.Smoothed;
        recovery.ProcessEcn(now, space.Level, ack.Ecn, outcome);
        space.Loss.DetectLost(now, _path.Rtt, _path.Id, outcome);
        OnAckedPackets(now, space, outcome);
        OnLostPackets(now, space, outcome);
        _lossTimer.OnAcknowledged(LossTimerContext());
        _lossTimerIsStale = true;
        return null;
    }

    private void OnAckedPackets(long now, PacketSpace space, AckOutcome outcome)
    {
        if (space.Level == EncryptionLevel.Handshake)
        {
            _handshakeIsAcknowledged = true;
        }
        if (space.Level == EncryptionLevel.Application)
        {
            _keys!.OnAcked(outcome.LargestAcked.Number);
        }
        foreach (ref readonly SentPacket packet in outcome.Acked)
        {
            if (packet.IsMtuProbe && packet.PathId == _path.Id)
            {
                _path.Mtu.OnProbeAcked(packet.Size, now);
                _path.Congestion.OnMtuChanged(_path.Mtu.Current);
            }
            for (int i = 0; i < packet.FrameCount; i++)
            {
                OnFrameAcked(space, space.Sent.FrameOf(packet, i));
            }
        }
    }

    private void DetectLosses(long now, PacketSpace space)
    {
        AckOutcome outcome = _endpoint.AckOutcome;
        outcome.Clear();
        space.Loss.DetectLost(now, _path.Rtt, _path.Id, outcome);
        OnLostPackets(now, space, outcome);
    }

    private void OnLostPackets(long now, PacketSpace space, AckOutcome outcome)
    {
        _path.Recovery.Apply(now, PeerMaxAckDelay, outcome);
        _previousPath?.Recovery.Apply(now, PeerMaxAckDelay, outcome);
        foreach (ref readonly SentPacket packet in outcome.Lost)
        {
            _packetsLost++;
            if (packet.IsMtuProbe && packet.PathId == _path.Id)
            {
                _path.Mtu.OnProbeLost(packet.Size, now);
            }
            for (int i = 0; i < packet.FrameCount; i++)
            {
                OnFrameLost(space, space.Sent.FrameOf(packet, i));
            }
        }
    }

    private void OnFrameAcked(PacketSpace space, in SentFrame frame)
    {
        switch (frame.Kind)
        {
            case SentFrameKind.Crypto:
                space.Crypto.OnAcked(frame);
                break;
            case SentFrameKind.Ack:
                space.Received.ForgetBelow(frame.Id + 1 - AckRangesKept);
                break;
            case SentFrameKind.RetireConnectionId:
                _peerIds.OnRetirementAcked(frame.Id);
                break;
            case SentFrameKind.Ping or SentFrameKind.Datagram or SentFrameKind.HandshakeDone or SentFrameKind.NewToken
                or SentFrameKind.NewConnectionId or SentFrameKind.PathChallenge or SentFrameKind.PathResponse:
                break;
            default:
                _streams?.OnAcked(frame);
                break;
        }
    }

    private void OnFrameLost(PacketSpace space, in SentFrame frame)
    {
        switch (frame.Kind)
        {
            case SentFrameKind.Crypto:
                space.Crypto.OnLost(frame);
                break;
            case SentFrameKind.HandshakeDone:
                _handshakeDoneIsDue = true;
                break;
            case SentFrameKind.NewToken:
                _newTokenIsDue = true;
                break;
            case SentFrameKind.NewConnectionId:
                if (_localIds.TryGet(frame.Id, out _))
                {
                    _idsToAnnounce.Enqueue(frame.Id);
                }
                break;
            case SentFrameKind.RetireConnectionId:
                _peerIds.OnRetirementLost(frame.Id);
                break;
            case SentFrameKind.Ping or SentFrameKind.Ack or SentFrameKind.Datagram or SentFrameKind.PathChallenge or SentFrameKind.PathResponse:
                break;
            default:
                _streams?.OnLost(frame);
                break;
        }
    }
}
