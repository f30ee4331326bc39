using System.Buffers.Binary;
using Quicprochat.Crypto.Aead;

namespace Quicprochat.Crypto.Managed;

/// <summary>RFC 9001 §5.4.4.</summary>
internal sealed class ManagedChaCha20HeaderProtection : HeaderProtectionKey
{
    private readonly Secret _key;

    public ManagedChaCha20HeaderProtection(ReadOnlySpan<byte> key)
    {
        Length.Require(key.Length, AeadKey.KeySizeOf(AeadAlgorithm.ChaCha20Poly1305));
        _key = Secret.Copy(key);
    }

    public override void Mask(ReadOnlySpan<byte> sample, Span<byte> mask)
    {
        Length.Require(sample.Length, SampleSize);
        Length.Require(mask.Length, MaskSize);
        Span<byte> block = stackalloc byte[ChaCha20Block.Size];
        ChaCha20Block.Compute(_key.Span, BinaryPrimitives.ReadUInt32LittleEndian(sample), sample[4..], block);
        block[..MaskSize].CopyTo(mask);
    }

    public override void Dispose() => _key.Dispose();
}
