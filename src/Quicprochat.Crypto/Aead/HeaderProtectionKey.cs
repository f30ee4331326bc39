namespace Quicprochat.Crypto.Aead;

/// <summary>A QUIC header protection key (RFC 9001 §5.4), set up once and reused. For one thread. Does not allocate per call.</summary>
public abstract class HeaderProtectionKey : IDisposable
{
    /// <summary>Length of the ciphertext sample in bytes (RFC 9001 §5.4.2).</summary>
    public const int SampleSize = 16;

    /// <summary>Length of the mask in bytes (RFC 9001 §5.4.1).</summary>
    public const int MaskSize = 5;

    /// <summary>The <see cref="MaskSize"/> bytes of mask for the <see cref="SampleSize"/> bytes of <paramref name="sample"/>.</summary>
    public abstract void Mask(ReadOnlySpan<byte> sample, Span<byte> mask);

    /// <inheritdoc/>
    public abstract void Dispose();
}
