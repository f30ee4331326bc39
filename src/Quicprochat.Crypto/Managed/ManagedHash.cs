using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using Quicprochat.Crypto.Hash;

namespace Quicprochat.Crypto.Managed;

/// <summary>SHA-2 of BouncyCastle.</summary>
internal sealed class ManagedHash(HashAlgorithm algorithm) : HmacHashFunction(algorithm)
{
    public static IDigest CreateDigest(HashAlgorithm algorithm) => algorithm switch
    {
        HashAlgorithm.Sha256 => new Sha256Digest(),
        HashAlgorithm.Sha384 => new Sha384Digest(),
        HashAlgorithm.Sha512 => new Sha512Digest(),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    public override void Compute(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Length.Require(digest.Length, Size);
        var hash = CreateDigest(Algorithm);
        hash.BlockUpdate(data);
        _ = hash.DoFinal(digest);
    }

    public override void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> tag)
    {
        Length.Require(tag.Length, Size);
        var mac = new HMac(CreateDigest(Algorithm));
        mac.Init(new KeyParameter(key));
        mac.BlockUpdate(data);
        _ = mac.DoFinal(tag);
    }

    public override IncrementalHash CreateIncremental() => new ManagedIncrementalHash(CreateDigest(Algorithm));
}
