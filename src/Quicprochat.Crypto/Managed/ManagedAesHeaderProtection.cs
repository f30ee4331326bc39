using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Quicprochat.Crypto.Aead;

namespace Quicprochat.Crypto.Managed;

/// <summary>RFC 9001 §5.4.3: one AES block, by processor instructions where there are any. The key schedule is left to the collector.</summary>
internal sealed class ManagedAesHeaderProtection : HeaderProtectionKey
{
    private readonly IBlockCipher _cipher;
    private bool _disposed;

    public ManagedAesHeaderProtection(AeadAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        Length.Require(key.Length, AeadKey.KeySizeOf(algorithm));
        _cipher = AesUtilities.CreateEngine();
        _cipher.Init(forEncryption: true, new KeyParameter(key));
    }

    public override void Mask(ReadOnlySpan<byte> sample, Span<byte> mask)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Length.Require(sample.Length, SampleSize);
        Length.Require(mask.Length, MaskSize);
        Span<byte> block = stackalloc byte[SampleSize];
        _ = _cipher.ProcessBlock(sample, block);
        block[..MaskSize].CopyTo(mask);
    }

    public override void Dispose() => _disposed = true;
}
