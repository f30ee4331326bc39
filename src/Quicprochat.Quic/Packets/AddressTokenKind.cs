namespace Quicprochat.Quic.Packets;

/// <summary>How a token came to the client: the two are treated differently when they are not valid (RFC 9000 §8.1.3).</summary>
internal enum AddressTokenKind : byte
{
    /// <summary>In a Retry packet, for the connection attempt under way (RFC 9000 §8.1.2).</summary>
    Retry = 0x52,

    /// <summary>In a NEW_TOKEN frame, for a later connection (RFC 9000 §8.1.3).</summary>
    NewToken = 0x4e,
}
