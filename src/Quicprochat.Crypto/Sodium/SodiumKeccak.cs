using Quicprochat.Crypto.Hash;

namespace Quicprochat.Crypto.Sodium;

internal sealed class SodiumKeccak : Keccak
{
    public override void Sha3256(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Length.Require(digest.Length, 32);
        _ = LibSodium.crypto_hash_sha3256(digest, data, (ulong)data.Length);
    }

    public override void Shake256(ReadOnlySpan<byte> data, Span<byte> output) =>
        _ = LibSodium.crypto_xof_shake256(output, (nuint)output.Length, data, (ulong)data.Length);
}
