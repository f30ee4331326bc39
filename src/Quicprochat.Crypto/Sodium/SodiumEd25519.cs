using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Crypto.Sodium;

internal sealed class SodiumEd25519 : Ed25519Signature
{
    // libsodium's secret key: the seed, then the public key.
    private const int ExpandedKeySize = 64;

    protected override void DerivePublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        Span<byte> expanded = stackalloc byte[ExpandedKeySize];
        _ = LibSodium.crypto_sign_ed25519_seed_keypair(publicKey, expanded, seed);
        CryptographicOperations.ZeroMemory(expanded);
    }

    protected override void SignExact(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Span<byte> expanded = stackalloc byte[ExpandedKeySize];
        Span<byte> publicKey = stackalloc byte[PublicKeySize];
        _ = LibSodium.crypto_sign_ed25519_seed_keypair(publicKey, expanded, seed);
        _ = LibSodium.crypto_sign_ed25519_detached(signature, 0, message, (ulong)message.Length, expanded);
        CryptographicOperations.ZeroMemory(expanded);
    }

    // libsodium checks the equation without the cofactor, which implies the one with it. What it refuses gets a second hearing: forged signatures,
    // and those that only a signer who plays with points of small order can make.
    protected override bool VerifyEquation(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        LibSodium.crypto_sign_ed25519_verify_detached(signature, message, (ulong)message.Length, publicKey) == 0
        || Ed25519.Verify(signature, publicKey, message);
}
