using System.Security.Cryptography;
using Quicprochat.Crypto.Nist;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Crypto.Platform;

/// <summary>ECDSA of .NET. Its nonces are the operating system's, so that a signature differs each time.</summary>
internal sealed class PlatformEcdsa(SignatureAlgorithm algorithm) : EcdsaScheme(algorithm)
{
    protected override void MultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> point)
    {
        using var key = Import(scalar);
        Curve.WritePoint(key.ExportParameters(includePrivateParameters: false).Q, point);
    }

    protected override void SignScalars(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, Span<byte> scalars)
    {
        using var key = Import(privateKey);
        _ = key.SignData(message, scalars, PlatformHash.NameOf(HashAlgorithm), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    protected override bool VerifyScalars(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> scalars)
    {
        using var key = ECDsa.Create(Curve.PublicParameters(publicKey));
        return key.VerifyData(message, scalars, PlatformHash.NameOf(HashAlgorithm), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private ECDsa Import(ReadOnlySpan<byte> scalar)
    {
        var copy = scalar.ToArray();
        try
        {
            return ECDsa.Create(new ECParameters { Curve = Curve.PlatformCurve, D = copy });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }
}
