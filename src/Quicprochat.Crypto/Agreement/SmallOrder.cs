namespace Quicprochat.Crypto.Agreement;

/// <summary>The u coordinates of Curve25519 and Curve448, and of their twists, whose product with any clamped scalar is zero (RFC 7748 §7).</summary>
internal static class SmallOrder
{
    // The order-8 coordinates of Curve25519 and its twist; the others (0, 1, p-1 and, not reduced, p, p+1) are recognised by their shape.
    private static ReadOnlySpan<byte> Order8A =>
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
        0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ];

    private static ReadOnlySpan<byte> Order8B =>
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b,
        0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ];

    /// <summary>True for a public key of 32 (Curve25519) or 56 bytes (Curve448) that is of small order.</summary>
    public static bool IsSmallOrder(ReadOnlySpan<byte> u) => u.Length == 32 ? IsSmallOrder25519(u) : IsSmallOrder448(u);

    private static bool IsSmallOrder25519(ReadOnlySpan<byte> u)
    {
        // The top bit is ignored (RFC 7748 §5).
        Span<byte> masked = stackalloc byte[32];
        u.CopyTo(masked);
        masked[31] &= 0x7f;
        if (masked.SequenceEqual(Order8A) || masked.SequenceEqual(Order8B))
        {
            return true;
        }

        if (masked[0] <= 1 && masked[1..].IndexOfAnyExcept((byte)0) < 0)
        {
            return true;
        }

        // p - 1, p and p + 1, where p = 2^255 - 19.
        return masked[0] is 0xec or 0xed or 0xee && masked[31] == 0x7f && masked[1..31].IndexOfAnyExcept((byte)0xff) < 0;
    }

    private static bool IsSmallOrder448(ReadOnlySpan<byte> u)
    {
        if (u[0] <= 1 && u[1..].IndexOfAnyExcept((byte)0) < 0)
        {
            return true;
        }

        // p = 2^448 - 2^224 - 1: p - 1 ends in fe, p in ff; p + 1 = 2^448 - 2^224.
        var high = u[29..].IndexOfAnyExcept((byte)0xff) < 0;
        var minusOneOrZero = u[0] is 0xfe or 0xff && u[1..28].IndexOfAnyExcept((byte)0xff) < 0 && u[28] == 0xfe;
        var one = u[..28].IndexOfAnyExcept((byte)0) < 0 && u[28] == 0xff;
        return high && (minusOneOrZero || one);
    }
}
