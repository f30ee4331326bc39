using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Nist;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace Quicprochat.Crypto.Managed;

/// <summary>Diffie-Hellman on the NIST curves by BouncyCastle, whose big integers are left to the collector.</summary>
internal sealed class ManagedAgreement(KeyAgreementAlgorithm algorithm) : NistAgreement(algorithm)
{
    protected override void MultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> point) => NistPoints.MultiplyBase(Curve, scalar, point);

    protected override void Multiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> x)
    {
        var product = NistPoints.Decode(Curve, point).Multiply(new BigInteger(1, scalar)).Normalize();
        product.AffineXCoord.EncodeTo(x);
    }
}
