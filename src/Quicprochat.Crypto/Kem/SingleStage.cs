using Quicprochat.Crypto.Hash;

namespace Quicprochat.Crypto.Kem;

/// <summary>SHAKE256 as a one-stage KDF (draft-ietf-hpke-pq, "Single-Stage KDFs"), which the post-quantum KEMs derive their keys with.</summary>
internal static class SingleStage
{
    private const int StackSize = 256;

    /// <summary>LabeledDerive(ikm, "DeriveKeyPair", "", the length of <paramref name="seed"/>) for the KEM <paramref name="algorithm"/>.</summary>
    public static void DeriveSeed(Keccak keccak, KemAlgorithm algorithm, ReadOnlySpan<byte> ikm, Span<byte> seed)
    {
        var label = "DeriveKeyPair"u8;
        var input = new Concatenation(stackalloc byte[StackSize]);
        input.Append(ikm);
        input.Append("HPKE-v1KEM"u8);
        input.AppendUInt16((int)algorithm);
        input.AppendUInt16(label.Length);
        input.Append(label);
        input.AppendUInt16(seed.Length);
        keccak.Shake256(input.Span, seed);
        input.Dispose();
    }
}
