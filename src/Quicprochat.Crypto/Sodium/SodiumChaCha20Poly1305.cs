using Quicprochat.Crypto.Aead;

namespace Quicprochat.Crypto.Sodium;

internal sealed class SodiumChaCha20Poly1305 : AeadKey
{
    private readonly Secret _key;

    public SodiumChaCha20Poly1305(ReadOnlySpan<byte> key)
    {
        Length.Require(key.Length, KeySizeOf(AeadAlgorithm.ChaCha20Poly1305));
        _key = Secret.Copy(key);
    }

    public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> @sealed)
    {
        Length.Require(nonce.Length, NonceSize);
        Length.Require(@sealed.Length, plaintext.Length + TagSize);
        _ = LibSodium.crypto_aead_chacha20poly1305_ietf_encrypt(
            @sealed, 0, plaintext, (ulong)plaintext.Length, associatedData, (ulong)associatedData.Length, 0, nonce, _key.Span);
    }

    public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> @sealed, ReadOnlySpan<byte> associatedData, Span<byte> plaintext)
    {
        Length.Require(nonce.Length, NonceSize);
        if (@sealed.Length < TagSize)
        {
            return false;
        }

        Length.Require(plaintext.Length, @sealed.Length - TagSize);
        return LibSodium.crypto_aead_chacha20poly1305_ietf_decrypt(
            plaintext, 0, 0, @sealed, (ulong)@sealed.Length, associatedData, (ulong)associatedData.Length, nonce, _key.Span) == 0;
    }

    public override void Dispose() => _key.Dispose();
}
