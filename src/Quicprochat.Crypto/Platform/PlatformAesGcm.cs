using System.Security.Cryptography;
using Quicprochat.Crypto.Aead;

namespace Quicprochat.Crypto.Platform;

/// <summary>AES-GCM of .NET. A tag that does not fit costs an exception inside, which is caught here.</summary>
internal sealed class PlatformAesGcm : AeadKey
{
    private readonly AesGcm _cipher;

    public PlatformAesGcm(AeadAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        Length.Require(key.Length, KeySizeOf(algorithm));
        _cipher = new AesGcm(key, TagSize);
    }

    public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> @sealed)
    {
        Length.Require(nonce.Length, NonceSize);
        Length.Require(@sealed.Length, plaintext.Length + TagSize);
        _cipher.Encrypt(nonce, plaintext, @sealed[..plaintext.Length], @sealed[plaintext.Length..], associatedData);
    }

    public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> @sealed, ReadOnlySpan<byte> associatedData, Span<byte> plaintext)
    {
        Length.Require(nonce.Length, NonceSize);
        if (@sealed.Length < TagSize)
        {
            return false;
        }

        Length.Require(plaintext.Length, @sealed.Length - TagSize);
        try
        {
            _cipher.Decrypt(nonce, @sealed[..^TagSize], @sealed[^TagSize..], plaintext, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            CryptographicOperations.ZeroMemory(plaintext);
            return false;
        }
    }

    public override void Dispose() => _cipher.Dispose();
}
