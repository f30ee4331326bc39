namespace Quicprochat.Quic.Packets;

/// <summary>Version numbers, and what belongs to version 1 alone.</summary>
internal static class QuicVersion
{
    /// <summary>The version of a Version Negotiation packet (RFC 8999 §6).</summary>
    public const uint Negotiation = 0;

    /// <summary>QUIC version 1 (RFC 9000 §15).</summary>
    public const uint V1 = 1;

    /// <summary>The salt of the Initial secrets of version 1 (RFC 9001 §5.2).</summary>
    public static ReadOnlySpan<byte> InitialSalt =>
    [
        0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
        0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a,
    ];

    /// <summary>The key of the Retry integrity tag of version 1 (RFC 9001 §5.8).</summary>
    public static ReadOnlySpan<byte> RetryKey =>
    [
        0xbe, 0x0c, 0x69, 0x0b, 0x9f, 0x66, 0x57, 0x5a, 0x1d, 0x76, 0x6b, 0x54, 0xe3, 0x68, 0xc8, 0x4e,
    ];

    /// <summary>The nonce of the Retry integrity tag of version 1 (RFC 9001 §5.8).</summary>
    public static ReadOnlySpan<byte> RetryNonce =>
    [
        0x46, 0x15, 0x99, 0xd3, 0x5d, 0x63, 0x2b, 0xf2, 0x23, 0x98, 0x25, 0xbb,
    ];

    /// <summary>True for versions of the form 0x?a?a?a?a, reserved to exercise version negotiation (RFC 9000 §15).</summary>
    public static bool IsReserved(uint version) => (version & 0x0f0f_0f0f) == 0x0a0a_0a0a;

    /// <summary>A reserved version made of <paramref name="random"/>'s bits.</summary>
    public static uint Reserved(uint random) => (random & 0xf0f0_f0f0) | 0x0a0a_0a0a;
}
