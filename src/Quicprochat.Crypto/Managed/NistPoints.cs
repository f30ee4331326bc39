using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Math.EC.Multiplier;
using Quicprochat.Crypto.Nist;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace Quicprochat.Crypto.Managed;

/// <summary>Points of the NIST curves as BouncyCastle has them.</summary>
internal static class NistPoints
{
    private static readonly FixedPointCombMultiplier _baseMultiplier = new();

    /// <summary>Decodes a point that has been checked.</summary>
    public static ECPoint Decode(NistCurve curve, ReadOnlySpan<byte> point) => curve.Domain.Curve.DecodePoint(point);

    /// <summary>The scalar times the base point, uncompressed.</summary>
    public static void MultiplyBase(NistCurve curve, ReadOnlySpan<byte> scalar, Span<byte> point) =>
        _baseMultiplier.Multiply(curve.Domain.G, new BigInteger(1, scalar)).Normalize().EncodeTo(compressed: false, point);
}
