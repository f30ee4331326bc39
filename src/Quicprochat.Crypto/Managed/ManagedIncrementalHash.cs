using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Utilities;
using Quicprochat.Crypto.Hash;

namespace Quicprochat.Crypto.Managed;

internal sealed class ManagedIncrementalHash(IDigest state) : IncrementalHash
{
    public override void Append(ReadOnlySpan<byte> data) => state.BlockUpdate(data);

    public override void Current(Span<byte> digest)
    {
        Length.Require(digest.Length, state.GetDigestSize());
        var copy = (IDigest)((IMemoable)state).Copy();
        _ = copy.DoFinal(digest);
    }

    public override void Dispose() => state.Reset();
}
