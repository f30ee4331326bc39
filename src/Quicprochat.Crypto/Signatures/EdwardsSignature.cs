namespace Quicprochat.Crypto.Signatures;

/// <summary>Ed25519 and Ed448 (RFC 8032): what does not depend on who multiplies. Every seed is a valid private key.</summary>
internal abstract class EdwardsSignature : SignatureScheme
{
    public sealed override void GenerateKeyPair(IRandomSource random, Span<byte> privateKey, Span<byte> publicKey)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        Length.Require(publicKey.Length, PublicKeySize);
        random.Fill(privateKey);
        DerivePublicKey(privateKey, publicKey);
    }

    public sealed override bool TryGetPublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        Length.Require(publicKey.Length, PublicKeySize);
        if (privateKey.Length != PrivateKeySize)
        {
            return false;
        }

        DerivePublicKey(privateKey, publicKey);
        return true;
    }

    public sealed override int Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        Length.RequireAtLeast(signature.Length, SignatureSizeMax);
        SignExact(privateKey, message, signature[..SignatureSizeMax]);
        return SignatureSizeMax;
    }

    public sealed override bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        publicKey.Length == PublicKeySize && signature.Length == SignatureSizeMax && VerifyExact(publicKey, message, signature);

    protected abstract void DerivePublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey);

    protected abstract void SignExact(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature);

    protected abstract bool VerifyExact(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);
}
