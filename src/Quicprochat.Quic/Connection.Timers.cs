using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Paths;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic;

/// <content>Deadlines as data: the earliest is <see cref="NextTimeout"/>, and <see cref="HandleTimeout"/> runs whatever is due.</content>
public sealed partial class Connection
{
    private const int ProbesForBlackHole = 3;

    private long _handshakeDeadline;
    private long _idleSince;
    private bool _idleRestartedBySend;
    private long _lastSent;
    private long _pacingDeadline = long.MaxValue;
    private bool _lossTimerIsStale;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called, in microseconds.</summary>
    internal long NextTimeout
    {
        get
        {
            if (!IsOpen)
            {
                return _closingDeadline;
            }
            long next = Math.Min(IdleDeadline, _pacingDeadline);
            if (!IsHandshakeComplete)
            {
                next = Math.Min(next, _handshakeDeadline);
            }
            next = Math.Min(next, KeepAliveDeadline);
            next = Math.Min(next, _lossTimer.Deadline);
            next = Math.Min(next, Application.Acks.Deadline);
            next = Math.Min(next, _keys?.PreviousDeadline ?? long.MaxValue);
            next = Math.Min(next, _path.ValidationDeadline);
            next = Math.Min(next, _path.ChallengeAgainAt);
            if (_previousPath is { } previous)
            {
                next = Math.Min(next, Math.Min(previous.ValidationDeadline, previous.ChallengeAgainAt));
            }
            return next;
        }
    }

    // RFC 9000 §10.1: the smaller of both ends' timeouts counts, and never less than three probe timeouts.
    private long IdleTimeout
    {
        get
        {
            long local = _options.IdleTimeout;
            long peer = _peerParameters is { } parameters ? parameters.MaxIdleTimeout : 0;
            long smaller = local == 0 ? peer : peer == 0 ? local : Math.Min(local, peer);
            return smaller == 0 ? 0 : Math.Max(smaller, 3 * ProbeTimeout());
        }
    }

    private long IdleDeadline => IdleTimeout is var timeout and not 0 ? _idleSince + timeout : long.MaxValue;

    // While a PING waits for room in the congestion window there is nothing to wake up for.
    private long KeepAliveDeadline =>
        _options.KeepAliveInterval > 0 && IsHandshakeComplete && !_pingRequested ? _lastSent + _options.KeepAliveInterval : long.MaxValue;

    internal void HandleTimeout(long now)
    {
        if (!IsOpen)
        {
            if (now >= _closingDeadline)
            {
                EnterDrained();
            }
            return;
        }
        if (now >= IdleDeadline)
        {
            EnterDrained(new ConnectionClose(CloseKind.IdleTimeout, 0, 0, "Nothing was heard from the peer for the idle timeout."));
            return;
        }
        if (!IsHandshakeComplete && now >= _handshakeDeadline)
        {
            EnterDrained(new ConnectionClose(CloseKind.HandshakeTimeout, 0, 0, "The handshake was not complete in time."));
            return;
        }
        if (now >= KeepAliveDeadline)
        {
            _pingRequested = true;
        }
        if (now >= _pacingDeadline)
        {
            _pacingDeadline = long.MaxValue;
        }
        if (now >= Application.Acks.Deadline)
        {
            Application.Acks.MakeDue();
        }
        if (_keys is not null && now >= _keys.PreviousDeadline)
        {
            _keys.DiscardPrevious();
        }
        HandlePathTimeout(now);
        HandleLossTimer(now);
        RefreshLossTimer(now);
    }

    /// <summary>The probe timeout without backoff (RFC 9002 §6.2.1), in microseconds.</summary>
    private long ProbeTimeout() =>
        _path.Rtt.ProbeTimeout(IsHandshakeComplete ? PeerMaxAckDelay : 0);

    private long PeerMaxAckDelay => _peerParameters is { } parameters ? parameters.MaxAckDelay : TransportParameters.DefaultMaxAckDelay;

    private LossTimerContext LossTimerContext() => new()
    {
        Side = Side,
        Rtt = _path.Rtt,
        MaxAckDelay = PeerMaxAckDelay,
        IsConfirmed = IsConfirmed,
        HasHandshakeKeys = Handshake.HasKeys,
        HasHandshakeAck = _handshakeIsAcknowledged,
        IsAmplificationLimited = _path.Budget < (Initial.HasKeys ? MinInitialDatagram : MinPacket),
    };

    private void RefreshLossTimer(long now)
    {
        if (_lossTimerIsStale && IsOpen)
        {
            _lossTimerIsStale = false;
            _lossTimer.Set(now, LossTimerContext());
        }
    }

    private void HandleLossTimer(long now)
    {
        LossTimerKind kind = _lossTimer.Expire(now, out EncryptionLevel expired);
        if (kind == LossTimerKind.None)
        {
            return;
        }
        _lossTimerIsStale = true;
        PacketSpace space = _spaces[(int)expired];
        if (kind == LossTimerKind.DetectLost)
        {
            DetectLosses(now, space);
            return;
        }
        _path.Ecn.OnProbeTimeout(_lossTimer.ProbeCount);
        space.ProbesDue = space.Sent.AckElicitingInFlight > 0 ? 2 : 1;
        // Either handshake space may be what the peer waits for, also one whose lost bytes a full window holds back (RFC 9002 §6.2.4).
        Span<EncryptionLevel> levels = [EncryptionLevel.Initial, EncryptionLevel.Handshake];
        foreach (EncryptionLevel level in levels)
        {
            PacketSpace other = _spaces[(int)level];
            if (other.HasKeys && (other.Sent.AckElicitingInFlight > 0 || other.Crypto.HasPending))
            {
                other.ProbesDue = Math.Max(other.ProbesDue, 1);
            }
        }
        if (_lossTimer.ProbeCount == ProbesForBlackHole && _path.Mtu.Current > MtuDiscovery.Base && IsConfirmed)
        {
            _path.Mtu.OnBlackHole(now);
            _path.Congestion.OnMtuChanged(_path.Mtu.Current);
        }
        _pacingDeadline = long.MaxValue;
    }

    private void RestartIdleTimer(long now, bool bySend)
    {
        // Only the first ack-eliciting packet sent since something was received restarts it (RFC 9000 §10.1).
        if (!bySend || !_idleRestartedBySend)
        {
            _idleSince = now;
        }
        _idleRestartedBySend = bySend;
    }
}
