using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Quicprochat.Crypto.Signatures;

/// <summary>
/// Ed25519 with one acceptance rule for every back end, since members of a group who disagree about a signature part for ever.
/// Refused before any arithmetic: S not below the group order (RFC 8032 §5.1.7), A or R not canonical (RFC 8032 §5.1.3), A or R of small order.
/// What remains is judged by the cofactored equation, [8][S]B = [8]R + [8][k]A, the first of the two that RFC 8032 §5.1.7 allows.
/// </summary>
internal abstract class Ed25519Signature : EdwardsSignature
{
    public sealed override SignatureAlgorithm Algorithm => SignatureAlgorithm.Ed25519;

    public sealed override int PrivateKeySize => 32;

    public sealed override int PublicKeySize => 32;

    public sealed override int SignatureSizeMax => 64;

    // The order of the base point, little-endian.
    private static ReadOnlySpan<byte> Order =>
    [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10,
    ];

    // The y coordinates of the four points of order 8: this and its negation.
    private static ReadOnlySpan<byte> Order8 =>
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
        0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ];

    private static ReadOnlySpan<byte> Order8Negated =>
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
        0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ];

    public sealed override bool IsValidPublicKey(ReadOnlySpan<byte> publicKey) =>
        publicKey.Length == PublicKeySize && IsAcceptableEncoding(publicKey) && Ed25519.ValidatePublicKeyPartial(publicKey);

    protected sealed override bool VerifyExact(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        IsBelowOrder(signature[32..])
        && IsAcceptableEncoding(signature[..32])
        && IsAcceptableEncoding(publicKey)
        && VerifyEquation(publicKey, message, signature);

    /// <summary>The cofactored equation alone; false also when a point does not decode.</summary>
    protected abstract bool VerifyEquation(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

    private static bool IsBelowOrder(ReadOnlySpan<byte> scalar)
    {
        for (var i = 31; i >= 0; i--)
        {
            if (scalar[i] != Order[i])
            {
                return scalar[i] < Order[i];
            }
        }

        return false;
    }

    private static bool IsAcceptableEncoding(ReadOnlySpan<byte> point)
    {
        // The sign of x does not matter to any of these.
        Span<byte> y = stackalloc byte[32];
        point.CopyTo(y);
        y[31] &= 0x7f;

        // y = 0 has order 4, y = 1 is the neutral element.
        if (y[0] <= 1 && y[1..].IndexOfAnyExcept((byte)0) < 0)
        {
            return false;
        }

        // y = p - 1 has order 2; from p = 2^255 - 19 on, the encoding is not canonical.
        if (y[0] >= 0xec && y[31] == 0x7f && y[1..31].IndexOfAnyExcept((byte)0xff) < 0)
        {
            return false;
        }

        return !y.SequenceEqual(Order8) && !y.SequenceEqual(Order8Negated);
    }
}
