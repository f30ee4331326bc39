using Org.BouncyCastle.Crypto.Digests;
using Quicprochat.Crypto.Hash;

namespace Quicprochat.Crypto.Managed;

internal sealed class ManagedKeccak : Keccak
{
    public override void Sha3256(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Length.Require(digest.Length, 32);
        var hash = new Sha3Digest(256);
        hash.BlockUpdate(data);
        _ = hash.DoFinal(digest);
    }

    public override void Shake256(ReadOnlySpan<byte> data, Span<byte> output)
    {
        var xof = new ShakeDigest(256);
        xof.BlockUpdate(data);
        _ = xof.OutputFinal(output);
    }
}
