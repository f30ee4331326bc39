using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Recovery;

/// <summary>
/// What belongs to one network path: round-trip time, congestion control, pacing, ECN (RFC 9000 §9.4). It draws from an
/// <see cref="AckOutcome"/> what concerns the path, in the order of RFC 9002 A.7; packets sent on other paths are passed over.
/// </summary>
internal sealed class PathRecovery
{
    private const int PersistentCongestionThreshold = 3;

    /// <summary>A path that is new.</summary>
    public PathRecovery(int pathId, RttEstimator rtt, ICongestionController congestion, EcnValidator ecn)
    {
        PathId = pathId;
        Rtt = rtt;
        Congestion = congestion;
        Ecn = ecn;
    }

    /// <summary>The number its packets carry in <see cref="SentPacket.PathId"/>.</summary>
    public int PathId { get; }

    /// <summary>Round-trip time.</summary>
    public RttEstimator Rtt { get; }

    /// <summary>Congestion control.</summary>
    public ICongestionController Congestion { get; }

    /// <summary>Pacing.</summary>
    public Pacer Pacer { get; } = new();

    /// <summary>ECN.</summary>
    public EcnValidator Ecn { get; }

    /// <summary>
    /// True when the last round of sending ended because there was nothing more to send, and not because of the window or the pacer:
    /// the window is then not grown (RFC 9002 §7.8).
    /// </summary>
    public bool IsAppLimited { get; set; }

    /// <summary>Packets declared lost.</summary>
    public long PacketsLost { get; private set; }

    /// <summary>A packet was committed to a log.</summary>
    public void OnPacketSent(EncryptionLevel level, in SentPacket packet)
    {
        if (packet.IsInFlight)
        {
            Congestion.OnPacketSent(packet.Size);
            Pacer.OnSent(packet.Size);
        }

        if (packet.IsEct)
        {
            Ecn.OnMarkedSent(level, packet.IsInFlight);
        }
    }

    /// <summary>First step after the ranges of an ACK: the RTT sample (RFC 9002 §5.1). <paramref name="ackDelayLimit"/> as at <see cref="RttEstimator.Update"/>.</summary>
    public void UpdateRtt(long now, long ackDelay, long ackDelayLimit, AckOutcome outcome)
    {
        if (outcome.IsLargestNew && outcome.AcksAckEliciting && outcome.LargestAcked.PathId == PathId)
        {
            Rtt.Update(now, now - outcome.LargestAcked.SentTime, ackDelay, ackDelayLimit);
        }
    }

    /// <summary>Second step, before the losses: the ECN counts of the ACK (RFC 9002 §7.1).</summary>
    public void ProcessEcn(long now, EncryptionLevel level, EcnCounts? counts, AckOutcome outcome)
    {
        if (!outcome.RaisesLargest || outcome.Acked.IsEmpty)
        {
            return; // RFC 9000 §13.4.2.1: a reordered ACK proves nothing
        }

        int marked = 0;
        foreach (ref readonly SentPacket packet in outcome.Acked)
        {
            marked += packet.IsEct && packet.PathId == PathId ? 1 : 0;
        }

        if (Ecn.OnAck(level, marked, counts) && outcome.LargestAcked.PathId == PathId)
        {
            Congestion.OnCongestion(now, outcome.LargestAcked.SentTime);
        }
    }

    /// <summary>Last step, after <see cref="LossDetector.DetectLost"/>: what was lost, then what arrived, goes to congestion control.</summary>
    public void Apply(long now, long maxAckDelay, AckOutcome outcome)
    {
        ApplyLost(now, maxAckDelay, outcome);
        foreach (ref readonly SentPacket packet in outcome.Acked)
        {
            if (packet.IsInFlight && packet.PathId == PathId)
            {
                Congestion.OnAcked(now, packet.SentTime, packet.Size, IsAppLimited);
            }
        }
    }

    private void ApplyLost(long now, long maxAckDelay, AckOutcome outcome)
    {
        long newest = -1;
        int marked = 0;
        foreach (ref readonly SentPacket packet in outcome.Lost)
        {
            if (packet.PathId != PathId)
            {
                continue;
            }

            PacketsLost++;
            marked += packet.IsEct ? 1 : 0;
            Congestion.OnDiscarded(packet.Size);

            // A probe for a larger datagram is likely to be lost for its size (RFC 9000 §14.4).
            newest = packet.IsMtuProbe ? newest : Math.Max(newest, packet.SentTime);
        }

        if (marked > 0)
        {
            Ecn.OnMarkedLost(marked);
        }

        if (newest < 0)
        {
            return;
        }

        Congestion.OnCongestion(now, newest);
        if (outcome.LossDuration > Rtt.ProbeTimeout(maxAckDelay) * PersistentCongestionThreshold)
        {
            Congestion.OnPersistentCongestion();
            Rtt.OnPersistentCongestion();
        }
    }
}
