namespace Quicprochat.Quic.Recovery;

/// <summary>When received packets are acknowledged (RFC 9000 §13.2).</summary>
internal sealed class AckScheduler(bool isImmediate)
{
    /// <summary>Ack-eliciting packets that may wait for one ACK (RFC 9000 §13.2.2).</summary>
    private const int PacketTolerance = 2;

    private int _unacknowledged;

    /// <summary>True when an ack-eliciting packet has not been acknowledged yet: an ACK rides along with whatever is sent.</summary>
    public bool IsWanted => _unacknowledged > 0;

    /// <summary>True when an ACK is sent even if nothing else is.</summary>
    public bool IsDue { get; private set; }

    /// <summary>When an ACK becomes due, in microseconds; <see cref="long.MaxValue"/> while none waits.</summary>
    public long Deadline { get; private set; } = long.MaxValue;

    /// <summary>When the packet with the largest number arrived, in microseconds: what ACK Delay is counted from.</summary>
    public long LargestReceivedAt { get; private set; }

    private long _largest = -1;

    /// <summary>A packet was processed.</summary>
    /// <param name="now">The time.</param>
    /// <param name="number">Its number.</param>
    /// <param name="isAckEliciting">Whether it elicits an acknowledgement.</param>
    /// <param name="hasCe">Whether it came with a congestion mark.</param>
    /// <param name="maxAckDelay">How long an acknowledgement may wait.</param>
    public void OnReceived(long now, long number, bool isAckEliciting, bool hasCe, long maxAckDelay)
    {
        // Out of order, or behind a gap: the sender wants to know at once (RFC 9000 §13.2.1).
        bool outOfOrder = number != _largest + 1;
        if (number > _largest)
        {
            _largest = number;
            LargestReceivedAt = now;
        }
        if (!isAckEliciting)
        {
            return;
        }
        _unacknowledged++;
        if (isImmediate || hasCe || outOfOrder || _unacknowledged >= PacketTolerance)
        {
            IsDue = true;
            Deadline = long.MaxValue;
        }
        else if (!IsDue)
        {
            Deadline = Math.Min(Deadline, now + maxAckDelay);
        }
    }

    /// <summary>The deadline has passed.</summary>
    public void MakeDue()
    {
        IsDue = _unacknowledged > 0;
        Deadline = long.MaxValue;
    }

    /// <summary>An ACK was sent.</summary>
    public void OnSent()
    {
        _unacknowledged = 0;
        IsDue = false;
        Deadline = long.MaxValue;
    }
}
