using System.Security.Cryptography;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Kem;

namespace Quicprochat.Crypto.Sodium;

internal sealed class SodiumMlKem768(Keccak keccak) : MlKem(KemAlgorithm.MlKem768, keccak)
{
    /// <summary>Length of an expanded decapsulation key (FIPS 203 §8).</summary>
    public const int ExpandedKeySize = 2400;

    /// <summary>Length of an encapsulation.</summary>
    public const int CiphertextSize = 1088;

    private const int EncapsulationKeySize = 1184;

    public override DecapsulationKey Expand(ReadOnlySpan<byte> privateKey)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        Span<byte> publicKey = stackalloc byte[EncapsulationKeySize];
        return new SodiumMlKem768DecapsulationKey(privateKey, publicKey);
    }

    public override DecapsulationKey GenerateEphemeral(IRandomSource random, Span<byte> publicKey)
    {
        Length.Require(publicKey.Length, PublicKeySize);
        Span<byte> seed = stackalloc byte[SeedSize];
        random.Fill(seed);
        var key = new SodiumMlKem768DecapsulationKey(seed, publicKey);
        CryptographicOperations.ZeroMemory(seed);
        return key;
    }

    protected override void ComputePublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        Span<byte> expanded = stackalloc byte[ExpandedKeySize];
        _ = LibSodium.crypto_kem_mlkem768_seed_keypair(publicKey, expanded, seed);
        CryptographicOperations.ZeroMemory(expanded);
    }

    internal override void Encapsulate(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> randomness, Span<byte> encapsulation, Span<byte> sharedSecret)
    {
        if (LibSodium.crypto_kem_mlkem768_enc_deterministic(encapsulation, sharedSecret, publicKey, randomness) != 0)
        {
            throw new CryptographicException("libsodium refused an encapsulation key that passed the checks of FIPS 203 §7.2.");
        }
    }

    protected override void Decapsulate(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret)
    {
        Span<byte> expanded = stackalloc byte[ExpandedKeySize];
        Span<byte> publicKey = stackalloc byte[EncapsulationKeySize];
        _ = LibSodium.crypto_kem_mlkem768_seed_keypair(publicKey, expanded, seed);
        DecapsulateExpanded(expanded, encapsulation, sharedSecret);
        CryptographicOperations.ZeroMemory(expanded);
    }

    internal static void DecapsulateExpanded(ReadOnlySpan<byte> expandedKey, ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret)
    {
        if (LibSodium.crypto_kem_mlkem768_dec(sharedSecret, encapsulation, expandedKey) != 0)
        {
            throw new CryptographicException("libsodium refused a decapsulation key that it expanded itself.");
        }
    }
}
