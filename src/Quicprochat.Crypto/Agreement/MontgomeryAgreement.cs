using System.Security.Cryptography;

namespace Quicprochat.Crypto.Agreement;

/// <summary>X25519 and X448 (RFC 7748): what does not depend on who multiplies.</summary>
internal abstract class MontgomeryAgreement : KeyAgreement
{
    public sealed override int PublicKeySize => PrivateKeySize;

    public sealed override int SharedSecretSize => PrivateKeySize;

    public sealed override void GenerateKeyPair(IRandomSource random, Span<byte> privateKey, Span<byte> publicKey)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        Length.Require(publicKey.Length, PublicKeySize);
        random.Fill(privateKey);
        MultiplyBase(privateKey, publicKey);
    }

    public sealed override bool TryGetPublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        Length.Require(publicKey.Length, PublicKeySize);
        if (privateKey.Length != PrivateKeySize)
        {
            return false;
        }

        MultiplyBase(privateKey, publicKey);
        return true;
    }

    public sealed override bool IsValidPublicKey(ReadOnlySpan<byte> publicKey) =>
        publicKey.Length == PublicKeySize && !SmallOrder.IsSmallOrder(publicKey);

    public sealed override bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerPublicKey, Span<byte> sharedSecret)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        Length.Require(sharedSecret.Length, SharedSecretSize);
        if (peerPublicKey.Length == PublicKeySize && TryMultiply(privateKey, peerPublicKey, sharedSecret))
        {
            return true;
        }

        CryptographicOperations.ZeroMemory(sharedSecret);
        return false;
    }

    /// <summary>The scalar, clamped, times the base point. Lengths have been checked.</summary>
    protected abstract void MultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> point);

    /// <summary>The scalar, clamped, times <paramref name="point"/>; false when the product is zero (RFC 7748 §6.1).</summary>
    protected abstract bool TryMultiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> product);
}
