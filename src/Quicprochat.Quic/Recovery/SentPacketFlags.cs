namespace Quicprochat.Quic.Recovery;

/// <summary>What loss recovery must know of a sent packet.</summary>
[Flags]
internal enum SentPacketFlags : byte
{
    None = 0,

    /// <summary>It holds a frame besides ACK, PADDING and CONNECTION_CLOSE.</summary>
    AckEliciting = 1,

    /// <summary>It is ack-eliciting or holds PADDING: it counts against the congestion window (RFC 9002 §2).</summary>
    InFlight = 2,

    /// <summary>It probes for a larger datagram: its loss says nothing of congestion (RFC 9000 §14.4).</summary>
    MtuProbe = 4,

    /// <summary>Its datagram was marked ECT(0).</summary>
    Ect = 8,
}
