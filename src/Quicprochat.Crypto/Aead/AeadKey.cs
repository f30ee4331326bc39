namespace Quicprochat.Crypto.Aead;

/// <summary>An AEAD (RFC 5116) with one key set up, to be kept and reused. For one thread. Disposing zeroes the key.</summary>
public abstract class AeadKey : IDisposable
{
    /// <summary>Nonce length in bytes (Nn).</summary>
    public const int NonceSize = 12;

    /// <summary>Tag length in bytes (Nt).</summary>
    public const int TagSize = 16;

    /// <summary>Key length of <paramref name="algorithm"/> in bytes (Nk).</summary>
    public static int KeySizeOf(AeadAlgorithm algorithm) => algorithm == AeadAlgorithm.Aes128Gcm ? 16 : 32;

    /// <summary>
    /// Encrypts into <paramref name="sealed"/>, which is <see cref="TagSize"/> bytes longer than <paramref name="plaintext"/>
    /// and ends with the tag. The two may be the same memory, starting at the same byte.
    /// </summary>
    public abstract void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> @sealed);

    /// <summary>
    /// Decrypts into <paramref name="plaintext"/>, <see cref="TagSize"/> bytes shorter than <paramref name="sealed"/>; the same memory is allowed.
    /// False, with <paramref name="plaintext"/> zeroed or untouched, when the tag does not fit or <paramref name="sealed"/> is shorter than a tag. Never throws for bad input.
    /// </summary>
    public abstract bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> @sealed, ReadOnlySpan<byte> associatedData, Span<byte> plaintext);

    /// <inheritdoc/>
    public abstract void Dispose();
}
