using Quicprochat.Crypto.Agreement;

namespace Quicprochat.Crypto.Sodium;

internal sealed class SodiumX25519 : MontgomeryAgreement
{
    public override KeyAgreementAlgorithm Algorithm => KeyAgreementAlgorithm.X25519;

    public override int PrivateKeySize => 32;

    protected override void MultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> point) =>
        _ = LibSodium.crypto_scalarmult_curve25519_base(point, scalar);

    protected override bool TryMultiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> product) =>
        LibSodium.crypto_scalarmult_curve25519(product, scalar, point) == 0;
}
