namespace Quicprochat.Quic.Packets;

/// <summary>The packet types with a long header in version 1 (RFC 9000 §17.2, Table 5).</summary>
internal enum LongPacketType : byte
{
    /// <summary>Initial.</summary>
    Initial = 0,

    /// <summary>0-RTT.</summary>
    ZeroRtt = 1,

    /// <summary>Handshake.</summary>
    Handshake = 2,

    /// <summary>Retry.</summary>
    Retry = 3,
}
