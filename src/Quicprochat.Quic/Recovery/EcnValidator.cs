using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Recovery;

/// <summary>Decides whether packets are marked ECT(0), and judges what a peer reports of the marks (RFC 9000 §13.4.2 and A.4).</summary>
internal sealed class EcnValidator
{
    // RFC 9000 §13.4.2: enough for a clear sign, few enough to lose little on a path that drops marked packets.
    private const int TestPackets = 10;

    // Two timeouts, the second twice as long, are the three periods of RFC 9000 §13.4.2.
    private const int TestProbes = 2;

    private readonly EcnCounts[] _reported = new EcnCounts[3];
    private readonly long[] _marked = new long[3];
    private int _tested;
    private int _testedAndLost;
    private bool _isMarkAcknowledged;

    /// <summary>Starts testing, or, for a host that cannot set the bits, gives up at once.</summary>
    public EcnValidator(bool isEnabled) => State = isEnabled ? EcnState.Testing : EcnState.Failed;

    /// <summary>The path's state.</summary>
    public EcnState State { get; private set; }

    /// <summary>The mark of the next datagram.</summary>
    public Ecn Mark => State is EcnState.Testing or EcnState.Capable ? Ecn.Ect0 : Ecn.NotEct;

    /// <summary>Tests again, on a new path; what was reported so far is the baseline.</summary>
    public void Restart()
    {
        State = EcnState.Testing;
        _tested = 0;
        _testedAndLost = 0;
        _isMarkAcknowledged = false;
    }

    /// <summary>A packet marked ECT(0) was sent. Only packets in flight can be found lost, so only they are part of the test.</summary>
    public void OnMarkedSent(EncryptionLevel level, bool isInFlight)
    {
        _marked[(int)level]++;
        _tested += isInFlight ? 1 : 0;
        if (State == EcnState.Testing && _tested >= TestPackets)
        {
            State = EcnState.Unknown;
        }
    }

    /// <summary>A probe timeout expired, the <paramref name="probeCount"/>-th in a row: perhaps it is the mark that gets packets dropped, so the test ends (RFC 9000 §13.4.2).</summary>
    public void OnProbeTimeout(int probeCount)
    {
        if (State == EcnState.Testing && probeCount >= TestProbes)
        {
            State = EcnState.Unknown;
        }
    }

    /// <summary>Marked packets were declared lost.</summary>
    public void OnMarkedLost(int count)
    {
        _testedAndLost += count;
        if (State == EcnState.Unknown && !_isMarkAcknowledged && _testedAndLost >= _tested)
        {
            State = EcnState.Failed; // RFC 9000 A.4: the mark itself may be what gets packets dropped
        }
    }

    /// <summary>
    /// Judges the counts of an ACK frame that raised the largest acknowledged number and newly acknowledged something; others must not be
    /// judged. True when the peer reports new ECN-CE marks that are to be believed: a congestion event (RFC 9002 §7.1).
    /// </summary>
    /// <param name="level">The packet number space.</param>
    /// <param name="newlyAckedMarked">Newly acknowledged packets that were marked ECT(0).</param>
    /// <param name="reported">The frame's ECN counts.</param>
    public bool OnAck(EncryptionLevel level, int newlyAckedMarked, EcnCounts? reported)
    {
        if (State == EcnState.Failed)
        {
            return false;
        }

        if (reported is not { } counts)
        {
            State = newlyAckedMarked > 0 ? EcnState.Failed : State; // RFC 9000 §13.4.2.1
            return false;
        }

        EcnCounts before = _reported[(int)level];
        if (!IsPlausible(before, counts, newlyAckedMarked, _marked[(int)level]))
        {
            State = EcnState.Failed; // RFC 9000 §13.4.2.1
            return false;
        }

        _reported[(int)level] = counts;
        _isMarkAcknowledged |= newlyAckedMarked > 0;
        if (State == EcnState.Unknown && _isMarkAcknowledged)
        {
            State = EcnState.Capable;
        }

        return counts.Ce > before.Ce;
    }

    private static bool IsPlausible(in EcnCounts before, in EcnCounts now, int newlyAckedMarked, long marked)
    {
        // Counts never fall, ECT(1) is never set by this end, and no more ECT(0) can arrive than was sent.
        return now.Ect0 >= before.Ect0 && now.Ce >= before.Ce && now.Ect1 == 0 && now.Ect0 <= marked
            && now.Ect0 - before.Ect0 + (now.Ce - before.Ce) >= newlyAckedMarked;
    }
}
