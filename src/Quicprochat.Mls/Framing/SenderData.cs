using Quicprochat.Mls.Codec;
using Quicprochat.Mls.KeySchedule;

namespace Quicprochat.Mls.Framing;

/// <summary>
/// Which key encrypts a PrivateMessage (RFC 9420 §6.3.2):
/// <c>struct { uint32 leaf_index; uint32 generation; opaque reuse_guard[4]; } SenderData;</c>
/// </summary>
/// <param name="LeafIndex">The sender's leaf.</param>
/// <param name="Generation">The step of its ratchet.</param>
/// <param name="ReuseGuard">Four random bytes, big-endian, mixed into the nonce.</param>
internal readonly record struct SenderData(uint LeafIndex, uint Generation, uint ReuseGuard)
{
    public const int Size = 12;

    public static bool TryParse(ReadOnlyMemory<byte> bytes, out SenderData value)
    {
        var reader = new Reader(bytes);
        bool read = reader.TryReadUInt32(out uint leafIndex) & reader.TryReadUInt32(out uint generation) & reader.TryReadUInt32(out uint guard);
        value = new SenderData(leafIndex, generation, guard);
        return read && reader.IsAtEnd;
    }

    public void Write(ref Writer writer)
    {
        writer.WriteUInt32(LeafIndex);
        writer.WriteUInt32(Generation);
        writer.WriteUInt32(ReuseGuard);
    }

    /// <summary>The key and nonce for a ciphertext (RFC 9420 §6.3.2), from its first KDF.Nh bytes.</summary>
    public static void DeriveKey(MlsCrypto crypto, ReadOnlySpan<byte> senderDataSecret, ReadOnlySpan<byte> ciphertext, Span<byte> key, Span<byte> nonce)
    {
        ReadOnlySpan<byte> sample = ciphertext[..Math.Min(ciphertext.Length, crypto.HashSize)];
        crypto.ExpandWithLabel(senderDataSecret, "key", sample, key);
        crypto.ExpandWithLabel(senderDataSecret, "nonce", sample, nonce);
    }
}
