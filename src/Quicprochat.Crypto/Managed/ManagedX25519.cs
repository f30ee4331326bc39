using Org.BouncyCastle.Math.EC.Rfc7748;
using Quicprochat.Crypto.Agreement;

namespace Quicprochat.Crypto.Managed;

internal sealed class ManagedX25519 : MontgomeryAgreement
{
    public override KeyAgreementAlgorithm Algorithm => KeyAgreementAlgorithm.X25519;

    public override int PrivateKeySize => X25519.ScalarSize;

    protected override void MultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> point) => X25519.ScalarMultBase(scalar, point);

    protected override bool TryMultiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> product) =>
        X25519.CalculateAgreement(scalar, point, product);
}
