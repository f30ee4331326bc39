using System.Runtime.InteropServices;

namespace Quicprochat.Quic.Recovery;

/// <summary>
/// What one ACK frame, or one expiry of the loss timer, made of the packets of a space. One instance is used again and again, for all connections of an endpoint; the spans,
/// and the frames of the packets in them, are good until the space sends its next packet.
/// </summary>
internal sealed class AckOutcome
{
    private readonly List<SentPacket> _acked = [];
    private readonly List<SentPacket> _lost = [];

    /// <summary>Packets newly acknowledged.</summary>
    public ReadOnlySpan<SentPacket> Acked => CollectionsMarshal.AsSpan(_acked);

    /// <summary>Packets newly declared lost, rising.</summary>
    public ReadOnlySpan<SentPacket> Lost => CollectionsMarshal.AsSpan(_lost);

    /// <summary>The packet with the largest number among the newly acknowledged; meaningful when there is one.</summary>
    public SentPacket LargestAcked { get; private set; }

    /// <summary>True when the frame's largest number itself was newly acknowledged: what an RTT sample needs (RFC 9002 §5.1).</summary>
    public bool IsLargestNew => _acked.Count > 0 && LargestAcked.Number == LargestInFrame;

    /// <summary>The frame's Largest Acknowledged.</summary>
    public long LargestInFrame { get; internal set; }

    /// <summary>True when the frame raised the largest number acknowledged in the space; ECN counts of other frames are not judged (RFC 9000 §13.4.2.1).</summary>
    public bool RaisesLargest { get; internal set; }

    /// <summary>True when a newly acknowledged packet was ack-eliciting.</summary>
    public bool AcksAckEliciting { get; private set; }

    /// <summary>The longest time between two ack-eliciting packets lost with no acknowledged one sent between them (RFC 9002 §7.6.2).</summary>
    public long LossDuration { get; internal set; }

    /// <summary>Empties it for the next use.</summary>
    public void Clear()
    {
        // Room for the largest windows is not kept for ever.
        const int Kept = 4096;
        _acked.Clear();
        _lost.Clear();
        if (_acked.Capacity > Kept)
        {
            _acked.Capacity = Kept;
        }

        if (_lost.Capacity > Kept)
        {
            _lost.Capacity = Kept;
        }

        LargestAcked = default;
        LargestInFrame = -1;
        RaisesLargest = false;
        AcksAckEliciting = false;
        LossDuration = 0;
    }

    internal void AddAcked(in SentPacket packet)
    {
        if (_acked.Count == 0 || packet.Number > LargestAcked.Number)
        {
            LargestAcked = packet;
        }

        AcksAckEliciting |= packet.IsAckEliciting;
        _acked.Add(packet);
    }

    internal void AddLost(in SentPacket packet) => _lost.Add(packet);
}
