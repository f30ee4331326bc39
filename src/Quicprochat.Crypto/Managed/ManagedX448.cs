using Org.BouncyCastle.Math.EC.Rfc7748;
using Quicprochat.Crypto.Agreement;

namespace Quicprochat.Crypto.Managed;

internal sealed class ManagedX448 : MontgomeryAgreement
{
    public override KeyAgreementAlgorithm Algorithm => KeyAgreementAlgorithm.X448;

    public override int PrivateKeySize => X448.ScalarSize;

    protected override void MultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> point) => X448.ScalarMultBase(scalar, point);

    protected override bool TryMultiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> product) =>
        X448.CalculateAgreement(scalar, point, product);
}
