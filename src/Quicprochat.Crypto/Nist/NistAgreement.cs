using System.Security.Cryptography;
using Quicprochat.Crypto.Agreement;

namespace Quicprochat.Crypto.Nist;

/// <summary>Diffie-Hellman on a NIST curve: what does not depend on who multiplies. The secret is the x coordinate (RFC 9846 §7.4.2).</summary>
internal abstract class NistAgreement(KeyAgreementAlgorithm algorithm) : KeyAgreement
{
    public sealed override KeyAgreementAlgorithm Algorithm => algorithm;

    public sealed override int PrivateKeySize => Curve.ScalarSize;

    public sealed override int PublicKeySize => Curve.PointSize;

    public sealed override int SharedSecretSize => Curve.ScalarSize;

    internal NistCurve Curve { get; } = algorithm switch
    {
        KeyAgreementAlgorithm.P256 => NistCurve.P256,
        KeyAgreementAlgorithm.P384 => NistCurve.P384,
        KeyAgreementAlgorithm.P521 => NistCurve.P521,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    public sealed override void GenerateKeyPair(IRandomSource random, Span<byte> privateKey, Span<byte> publicKey)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        Length.Require(publicKey.Length, PublicKeySize);
        Curve.DrawScalar(random, privateKey);
        MultiplyBase(privateKey, publicKey);
    }

    public sealed override bool TryGetPublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        Length.Require(publicKey.Length, PublicKeySize);
        if (!Curve.IsValidScalar(privateKey))
        {
            return false;
        }

        MultiplyBase(privateKey, publicKey);
        return true;
    }

    public sealed override bool IsValidPublicKey(ReadOnlySpan<byte> publicKey) => Curve.IsValidPoint(publicKey);

    public sealed override bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerPublicKey, Span<byte> sharedSecret)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        Length.Require(sharedSecret.Length, SharedSecretSize);
        if (Curve.IsValidScalar(privateKey) && Curve.IsValidPoint(peerPublicKey))
        {
            Multiply(privateKey, peerPublicKey, sharedSecret);
            return true;
        }

        CryptographicOperations.ZeroMemory(sharedSecret);
        return false;
    }

    /// <summary>The scalar times the base point. Both are checked: on curves of prime order nothing can fail.</summary>
    protected abstract void MultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> point);

    /// <summary>The x coordinate of the scalar times <paramref name="point"/>.</summary>
    protected abstract void Multiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> x);
}
