namespace Quicprochat.Quic.Recovery;

/// <summary>What the loss timer depends on besides the spaces themselves (RFC 9002 A.8).</summary>
internal readonly ref struct LossTimerContext
{
    /// <summary>Which end this is.</summary>
    public required Side Side { get; init; }

    /// <summary>The current path's round-trip time.</summary>
    public required RttEstimator Rtt { get; init; }

    /// <summary>The peer's max_ack_delay in microseconds.</summary>
    public required long MaxAckDelay { get; init; }

    /// <summary>The handshake is confirmed (RFC 9001 §4.1.2).</summary>
    public required bool IsConfirmed { get; init; }

    /// <summary>Packets can be sent in the Handshake space.</summary>
    public required bool HasHandshakeKeys { get; init; }

    /// <summary>The peer has acknowledged a Handshake packet: a client then knows that its address is validated.</summary>
    public required bool HasHandshakeAck { get; init; }

    /// <summary>The server may not send another byte before it receives one (RFC 9000 §8.1).</summary>
    public required bool IsAmplificationLimited { get; init; }

    // RFC 9002 A.8, PeerCompletedAddressValidation
    internal bool PeerCompletedAddressValidation => Side == Side.Server || HasHandshakeAck || IsConfirmed;
}
