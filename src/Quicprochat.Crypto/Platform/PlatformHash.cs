using System.Security.Cryptography;
using Quicprochat.Crypto.Hash;
using HashAlgorithm = Quicprochat.Crypto.Hash.HashAlgorithm;

namespace Quicprochat.Crypto.Platform;

/// <summary>SHA-2 of .NET.</summary>
internal sealed class PlatformHash(HashAlgorithm algorithm) : HmacHashFunction(algorithm)
{
    private readonly HashAlgorithmName _name = NameOf(algorithm);

    public static HashAlgorithmName NameOf(HashAlgorithm algorithm) => algorithm switch
    {
        HashAlgorithm.Sha256 => HashAlgorithmName.SHA256,
        HashAlgorithm.Sha384 => HashAlgorithmName.SHA384,
        HashAlgorithm.Sha512 => HashAlgorithmName.SHA512,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    public override void Compute(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Length.Require(digest.Length, Size);
        _ = CryptographicOperations.HashData(_name, data, digest);
    }

    public override void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> tag)
    {
        Length.Require(tag.Length, Size);
        _ = CryptographicOperations.HmacData(_name, key, data, tag);
    }

    public override Hash.IncrementalHash CreateIncremental() => new PlatformIncrementalHash(_name, Size);
}
