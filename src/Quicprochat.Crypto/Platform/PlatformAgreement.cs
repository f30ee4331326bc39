using System.Security.Cryptography;
using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Nist;

namespace Quicprochat.Crypto.Platform;

/// <summary>Diffie-Hellman on the NIST curves by .NET.</summary>
internal sealed class PlatformAgreement(KeyAgreementAlgorithm algorithm) : NistAgreement(algorithm)
{
    protected override void MultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> point)
    {
        using var key = Import(scalar);
        Curve.WritePoint(key.ExportParameters(includePrivateParameters: false).Q, point);
    }

    protected override void Multiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> x)
    {
        using var key = Import(scalar);
        using var peer = ECDiffieHellman.Create(Curve.PublicParameters(point));
        using var peerPublicKey = peer.PublicKey;
        var secret = key.DeriveRawSecretAgreement(peerPublicKey);
        secret.CopyTo(x);
        CryptographicOperations.ZeroMemory(secret);
    }

    private ECDiffieHellman Import(ReadOnlySpan<byte> scalar)
    {
        var copy = scalar.ToArray();
        try
        {
            return ECDiffieHellman.Create(new ECParameters { Curve = Curve.PlatformCurve, D = copy });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }
}
