namespace Quicprochat.Simulation.Wire;

/// <summary>The kinds of packet of version 1.</summary>
internal enum WirePacketKind
{
    Initial,
    ZeroRtt,
    Handshake,
    Retry,
    OneRtt,
    VersionNegotiation,

    /// <summary>A packet no key was found for: a stateless reset, or a forged one.</summary>
    Unknown,
}
