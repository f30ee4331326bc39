using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Crypto.Nist;

/// <summary>ECDSA (FIPS 186-5): keys and encodings; the arithmetic is the back end's.</summary>
internal abstract class EcdsaScheme(SignatureAlgorithm algorithm) : SignatureScheme
{
    // r and s of P-521.
    private const int ScalarsSizeMax = 2 * 66;

    public sealed override SignatureAlgorithm Algorithm => algorithm;

    public sealed override int PrivateKeySize => Curve.ScalarSize;

    public sealed override int PublicKeySize => Curve.PointSize;

    public sealed override int SignatureSizeMax => EcdsaSignature.SizeMax(Curve.ScalarSize);

    protected NistCurve Curve { get; } = algorithm switch
    {
        SignatureAlgorithm.EcdsaP256Sha256 => NistCurve.P256,
        SignatureAlgorithm.EcdsaP384Sha384 => NistCurve.P384,
        SignatureAlgorithm.EcdsaP521Sha512 => NistCurve.P521,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    protected Hash.HashAlgorithm HashAlgorithm { get; } = algorithm switch
    {
        SignatureAlgorithm.EcdsaP256Sha256 => Hash.HashAlgorithm.Sha256,
        SignatureAlgorithm.EcdsaP384Sha384 => Hash.HashAlgorithm.Sha384,
        _ => Hash.HashAlgorithm.Sha512,
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

    public sealed override int Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Length.RequireAtLeast(signature.Length, SignatureSizeMax);
        if (!Curve.IsValidScalar(privateKey))
        {
            throw new ArgumentException("The private key is zero or not below the group's order.", nameof(privateKey));
        }

        Span<byte> scalars = stackalloc byte[ScalarsSizeMax];
        scalars = scalars[..(2 * Curve.ScalarSize)];
        SignScalars(privateKey, message, scalars);
        return EcdsaSignature.Write(scalars, signature);
    }

    public sealed override bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Span<byte> scalars = stackalloc byte[ScalarsSizeMax];
        scalars = scalars[..(2 * Curve.ScalarSize)];
        return EcdsaSignature.TryRead(signature, scalars)
            && Curve.IsValidScalar(scalars[..Curve.ScalarSize])
            && Curve.IsValidScalar(scalars[Curve.ScalarSize..])
            && Curve.IsValidPoint(publicKey)
            && VerifyScalars(publicKey, message, scalars);
    }

    protected abstract void MultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> point);

    /// <summary>Writes r and s, each as long as a scalar.</summary>
    protected abstract void SignScalars(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, Span<byte> scalars);

    /// <summary>Judges r and s, both in range, by a public key that is on the curve.</summary>
    protected abstract bool VerifyScalars(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> scalars);
}
