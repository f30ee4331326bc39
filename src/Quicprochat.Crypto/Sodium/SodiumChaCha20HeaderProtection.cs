using System.Buffers.Binary;
using Quicprochat.Crypto.Aead;

namespace Quicprochat.Crypto.Sodium;

/// <summary>RFC 9001 §5.4.4.</summary>
internal sealed class SodiumChaCha20HeaderProtection : HeaderProtectionKey
{
    private readonly Secret _key;

    public SodiumChaCha20HeaderProtection(ReadOnlySpan<byte> key)
    {
        Length.Require(key.Length, AeadKey.KeySizeOf(AeadAlgorithm.ChaCha20Poly1305));
        _key = Secret.Copy(key);
    }

    public override void Mask(ReadOnlySpan<byte> sample, Span<byte> mask)
    {
        Length.Require(sample.Length, SampleSize);
        Length.Require(mask.Length, MaskSize);
        ReadOnlySpan<byte> zeros = [0, 0, 0, 0, 0];
        var counter = BinaryPrimitives.ReadUInt32LittleEndian(sample);
        _ = LibSodium.crypto_stream_chacha20_ietf_xor_ic(mask, zeros, MaskSize, sample[4..], counter, _key.Span);
    }

    public override void Dispose() => _key.Dispose();
}
