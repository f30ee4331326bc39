using Org.BouncyCastle.Math.EC.Rfc8032;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Crypto.Managed;

internal sealed class ManagedEd25519 : Ed25519Signature
{
    protected override void DerivePublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey) => Ed25519.GeneratePublicKey(seed, publicKey);

    protected override void SignExact(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature) =>
        Ed25519.Sign(seed, message, signature);

    protected override bool VerifyEquation(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        Ed25519.Verify(signature, publicKey, message);
}
