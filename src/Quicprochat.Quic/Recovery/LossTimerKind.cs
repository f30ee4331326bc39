namespace Quicprochat.Quic.Recovery;

/// <summary>What an expiry of the loss timer asks for.</summary>
internal enum LossTimerKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Call <see cref="LossDetector.DetectLost"/> on the space.</summary>
    DetectLost,

    /// <summary>Send one or two ack-eliciting packets in the space, past the congestion window if need be (RFC 9002 §6.2.4).</summary>
    Probe,
}
