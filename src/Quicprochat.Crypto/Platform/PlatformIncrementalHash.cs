using System.Security.Cryptography;
using IncrementalHash = Quicprochat.Crypto.Hash.IncrementalHash;

namespace Quicprochat.Crypto.Platform;

internal sealed class PlatformIncrementalHash(HashAlgorithmName name, int size) : IncrementalHash
{
    private readonly System.Security.Cryptography.IncrementalHash _hash = System.Security.Cryptography.IncrementalHash.CreateHash(name);

    public override void Append(ReadOnlySpan<byte> data) => _hash.AppendData(data);

    public override void Current(Span<byte> digest)
    {
        Length.Require(digest.Length, size);
        _ = _hash.GetCurrentHash(digest);
    }

    public override void Dispose() => _hash.Dispose();
}
