using Org.BouncyCastle.Math.EC.Rfc8032;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Crypto.Managed;

/// <summary>Ed448 with an empty context (RFC 8032 §5.2).</summary>
internal sealed class ManagedEd448 : EdwardsSignature
{
    public override SignatureAlgorithm Algorithm => SignatureAlgorithm.Ed448;

    public override int PrivateKeySize => Ed448.SecretKeySize;

    public override int PublicKeySize => Ed448.PublicKeySize;

    public override int SignatureSizeMax => Ed448.SignatureSize;

    public override bool IsValidPublicKey(ReadOnlySpan<byte> publicKey) =>
        publicKey.Length == PublicKeySize && Ed448.ValidatePublicKeyPartial(publicKey);

    protected override void DerivePublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey) => Ed448.GeneratePublicKey(seed, publicKey);

    protected override void SignExact(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature) =>
        Ed448.Sign(seed, [], message, signature);

    protected override bool VerifyExact(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        Ed448.Verify(signature, publicKey, [], message);
}
