using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Quicprochat.Crypto.Nist;
using Quicprochat.Crypto.Signatures;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace Quicprochat.Crypto.Managed;

/// <summary>ECDSA of BouncyCastle. Its nonces are derived from key and message (RFC 6979), so that a signature is the same each time.</summary>
internal sealed class ManagedEcdsa(SignatureAlgorithm algorithm) : EcdsaScheme(algorithm)
{
    protected override void MultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> point) => NistPoints.MultiplyBase(Curve, scalar, point);

    protected override void SignScalars(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, Span<byte> scalars)
    {
        var signer = new ECDsaSigner(new HMacDsaKCalculator(ManagedHash.CreateDigest(HashAlgorithm)));
        signer.Init(forSigning: true, new ECPrivateKeyParameters(new BigInteger(1, privateKey), Curve.Domain));
        var signature = signer.GenerateSignature(Digest(message));
        Write(signature[0], scalars[..Curve.ScalarSize]);
        Write(signature[1], scalars[Curve.ScalarSize..]);
    }

    protected override bool VerifyScalars(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> scalars)
    {
        var signer = new ECDsaSigner();
        signer.Init(forSigning: false, new ECPublicKeyParameters(NistPoints.Decode(Curve, publicKey), Curve.Domain));
        var r = new BigInteger(1, scalars[..Curve.ScalarSize]);
        var s = new BigInteger(1, scalars[Curve.ScalarSize..]);
        return signer.VerifySignature(Digest(message), r, s);
    }

    private static void Write(BigInteger value, Span<byte> destination)
    {
        destination.Clear();
        var bytes = value.ToByteArrayUnsigned();
        bytes.CopyTo(destination[^bytes.Length..]);
    }

    private byte[] Digest(ReadOnlySpan<byte> message)
    {
        var digest = ManagedHash.CreateDigest(HashAlgorithm);
        digest.BlockUpdate(message);
        var hash = new byte[digest.GetDigestSize()];
        _ = digest.DoFinal(hash);
        return hash;
    }
}
