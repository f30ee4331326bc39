using Quicprochat.Quic.Frames;

namespace Quicprochat.Quic.Recovery;

/// <summary>
/// Finds out which packets of one packet number space arrived and which were lost (RFC 9002 §6 and A). For an ACK frame call
/// <see cref="Acknowledge"/>, then, once the round-trip time is updated, <see cref="DetectLost"/>.
/// </summary>
internal sealed class LossDetector
{
    /// <summary>Stands for a time that never comes.</summary>
    public const long Never = long.MaxValue;

    private const int PacketThreshold = 3;

    /// <summary>Works on the packets of <paramref name="log"/>.</summary>
    public LossDetector(SentPacketLog log) => Log = log;

    /// <summary>The packets of the space.</summary>
    public SentPacketLog Log { get; }

    /// <summary>The largest number the peer has acknowledged, -1 before the first.</summary>
    public long LargestAcked { get; private set; } = -1;

    /// <summary>When the next packet will be lost by its age alone (loss_time), or <see cref="Never"/>.</summary>
    public long LossTime { get; private set; } = Never;

    /// <summary>Takes an ACK frame: outstanding packets it names leave the log as acknowledged.</summary>
    public TransportError? Acknowledge(in AckFrame frame, AckOutcome outcome)
    {
        if (frame.LargestAcknowledged > Log.Largest)
        {
            return NeverSent(); // RFC 9000 §13.1
        }

        outcome.LargestInFrame = frame.LargestAcknowledged;
        outcome.RaisesLargest = frame.LargestAcknowledged > LargestAcked;
        LargestAcked = Math.Max(LargestAcked, frame.LargestAcknowledged);
        foreach (AckRange range in frame.Ranges)
        {
            if (Log.HoldsSkipped(range))
            {
                return NeverSent(); // RFC 9000 §21.4
            }

            AcknowledgeRange(range, outcome);
        }

        return null;
    }

    /// <summary>Declares packets lost that were sent three packets or 9/8 of a round trip before an acknowledged one (RFC 9002 §6.1).</summary>
    /// <param name="now">The time.</param>
    /// <param name="rtt">The path's round-trip time.</param>
    /// <param name="pathId">The path: only its packets can prove persistent congestion on it.</param>
    /// <param name="outcome">Where the lost packets go.</param>
    public void DetectLost(long now, RttEstimator rtt, int pathId, AckOutcome outcome)
    {
        LossTime = Never;
        long lossDelay = rtt.LossDelay;
        bool inRun = false;
        long runStart = 0;
        for (int i = 0; i < Log.Count; i++)
        {
            ref readonly SentPacket packet = ref Log.At(i);
            if (packet.Number > LargestAcked)
            {
                break;
            }

            inRun &= !packet.FollowsAcked && packet.State != SentPacketState.Acked;
            if (packet.State != SentPacketState.Outstanding)
            {
                continue;
            }

            if (packet.SentTime > now - lossDelay && packet.Number > LargestAcked - PacketThreshold)
            {
                LossTime = packet.IsInFlight ? Math.Min(LossTime, packet.SentTime + lossDelay) : LossTime;
                continue;
            }

            if (packet.IsAckEliciting && packet.PathId == pathId && rtt.HasSample && packet.SentTime > rtt.FirstSampleTime)
            {
                runStart = inRun ? runStart : packet.SentTime;
                inRun = true;
                outcome.LossDuration = Math.Max(outcome.LossDuration, packet.SentTime - runStart);
            }

            // A packet of acknowledgements alone leaves nothing to repair and no congestion to report.
            if (packet.IsInFlight)
            {
                outcome.AddLost(packet);
            }

            Log.Remove(i, SentPacketState.Gone);
        }

        Log.Trim();
    }

    /// <summary>The keys of the space were discarded; says how many bytes leave the flight (RFC 9002 §6.4).</summary>
    public long Discard()
    {
        LossTime = Never;
        return Log.Clear();
    }

    private void AcknowledgeRange(AckRange range, AckOutcome outcome)
    {
        for (int i = Log.FirstAtOrAfter(range.Smallest); i < Log.Count; i++)
        {
            ref readonly SentPacket packet = ref Log.At(i);
            if (packet.Number > range.Largest)
            {
                break;
            }

            if (packet.State == SentPacketState.Outstanding)
            {
                outcome.AddAcked(packet);
                Log.Remove(i, SentPacketState.Acked);
            }
        }
    }

    private static TransportError NeverSent() =>
        new(TransportErrorCode.ProtocolViolation, FrameType.Ack, "an acknowledgement of a packet that was never sent");
}
