using System.Runtime.InteropServices;

namespace Quicprochat.Quic.Recovery;

/// <summary>A packet sent and, until it is acknowledged or lost, remembered (RFC 9002 A.1.1).</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct SentPacket(long Number, long SentTime, int Size, SentPacketFlags Flags, int PathId = 0)
{
    public readonly bool IsAckEliciting => (Flags & SentPacketFlags.AckEliciting) != 0;

    public readonly bool IsInFlight => (Flags & SentPacketFlags.InFlight) != 0;

    public readonly bool IsMtuProbe => (Flags & SentPacketFlags.MtuProbe) != 0;

    public readonly bool IsEct => (Flags & SentPacketFlags.Ect) != 0;

    /// <summary>How many frames it carried; <see cref="SentPacketLog.FrameOf"/> gives them.</summary>
    public int FrameCount { get; internal set; }

    internal long FirstFrame { get; set; }

    internal SentPacketState State { get; set; }

    /// <summary>A packet sent between this one and the one before it in the log was acknowledged, though it is no longer listed.</summary>
    internal bool FollowsAcked { get; set; }
}
