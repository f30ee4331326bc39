namespace Quicprochat.Crypto.Hash;

/// <summary>The two functions of FIPS 202 that the post-quantum KEMs are built from. Stateless.</summary>
internal abstract class Keccak
{
    /// <summary>SHA3-256 into 32 bytes.</summary>
    public abstract void Sha3256(ReadOnlySpan<byte> data, Span<byte> digest);

    /// <summary>SHAKE256, filling <paramref name="output"/>.</summary>
    public abstract void Shake256(ReadOnlySpan<byte> data, Span<byte> output);
}
