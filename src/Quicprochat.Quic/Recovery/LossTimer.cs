using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Recovery;

/// <summary>
/// The one timer of loss recovery, over the three packet number spaces (RFC 9002 A.8 and A.9).
/// Call <see cref="Set"/> whenever an ack-eliciting packet was sent, an ACK was processed, keys were discarded, the handshake was confirmed,
/// or a datagram arrived at an amplification-limited server.
/// </summary>
internal sealed class LossTimer
{
    // The back-off stops doubling here; the idle timeout ends the connection long before.
    private const int MaxBackOff = 20;

    private readonly LossDetector[] _spaces;

    /// <summary>Watches the spaces, given in the order of <see cref="EncryptionLevel"/>.</summary>
    public LossTimer(LossDetector initial, LossDetector handshake, LossDetector application) => _spaces = [initial, handshake, application];

    /// <summary>When the timer fires, or <see cref="LossDetector.Never"/>.</summary>
    public long Deadline { get; private set; } = LossDetector.Never;

    /// <summary>The space it is set for.</summary>
    public EncryptionLevel Space { get; private set; }

    /// <summary>pto_count: probe timeouts since the last acknowledgement.</summary>
    public int ProbeCount { get; private set; }

    private LossTimerKind Kind { get; set; }

    /// <summary>An ACK acknowledged something new: the back-off ends, except for a client that cannot know yet whether its address is validated (RFC 9002 §6.2.1).</summary>
    public void OnAcknowledged(in LossTimerContext context)
    {
        if (context.PeerCompletedAddressValidation)
        {
            ProbeCount = 0;
        }
    }

    /// <summary>The keys of a space were discarded (RFC 9002 A.11).</summary>
    public void OnSpaceDiscarded() => ProbeCount = 0;

    /// <summary>Sets the timer anew from the state of the spaces (SetLossDetectionTimer).</summary>
    public void Set(long now, in LossTimerContext context)
    {
        Deadline = LossDetector.Never;
        Kind = LossTimerKind.None;
        for (int i = 0; i < _spaces.Length; i++)
        {
            if (_spaces[i].LossTime < Deadline)
            {
                Deadline = _spaces[i].LossTime;
                Space = (EncryptionLevel)i;
                Kind = LossTimerKind.DetectLost;
            }
        }

        // No probe beside a time threshold (RFC 9002 §6.2.1), and none that could not be sent (RFC 9002 §6.2.2.1).
        if (Kind == LossTimerKind.None && !context.IsAmplificationLimited)
        {
            SetProbe(now, context);
        }
    }

    /// <summary>The timer may have expired: says what to do, and in which space. A probe doubles the back-off. <see cref="Set"/> must follow.</summary>
    public LossTimerKind Expire(long now, out EncryptionLevel space)
    {
        space = Space;
        if (now < Deadline)
        {
            return LossTimerKind.None;
        }

        LossTimerKind kind = Kind;
        Deadline = LossDetector.Never;
        Kind = LossTimerKind.None;
        if (kind == LossTimerKind.Probe)
        {
            ProbeCount = Math.Min(ProbeCount + 1, MaxBackOff);
        }

        return kind;
    }

    private void SetProbe(long now, in LossTimerContext context)
    {
        bool isAnythingInFlight = false;
        for (int i = 0; i < _spaces.Length; i++)
        {
            isAnythingInFlight |= _spaces[i].Log.AckElicitingInFlight > 0;
        }

        if (!isAnythingInFlight)
        {
            if (!context.PeerCompletedAddressValidation)
            {
                // The server may be waiting for bytes of ours before it may send: keep probing (RFC 9002 §6.2.2.1).
                Deadline = now + BackedOff(context.Rtt.ProbeTimeout(0));
                Space = context.HasHandshakeKeys ? EncryptionLevel.Handshake : EncryptionLevel.Initial;
                Kind = LossTimerKind.Probe;
            }

            return;
        }

        for (int i = 0; i < _spaces.Length; i++)
        {
            var space = (EncryptionLevel)i;
            SentPacketLog log = _spaces[i].Log;
            if (log.AckElicitingInFlight == 0 || (space == EncryptionLevel.Application && !context.IsConfirmed))
            {
                continue; // RFC 9002 §6.2.1: no Application Data probe before the handshake is confirmed
            }

            long maxAckDelay = space == EncryptionLevel.Application ? context.MaxAckDelay : 0;
            long time = log.LastAckElicitingTime + BackedOff(context.Rtt.ProbeTimeout(maxAckDelay));
            if (time < Deadline)
            {
                Deadline = time;
                Space = space;
                Kind = LossTimerKind.Probe;
            }
        }
    }

    private long BackedOff(long period) => period << ProbeCount;
}
