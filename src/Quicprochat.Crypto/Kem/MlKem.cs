using System.Security.Cryptography;
using Quicprochat.Crypto.Hash;

namespace Quicprochat.Crypto.Kem;

/// <summary>
/// ML-KEM (FIPS 203) as an HPKE KEM (draft-ietf-hpke-pq): a private key is the 64-byte seed d ‖ z. Every seed is a valid key and every encapsulation of the right
/// length decapsulates to something, by implicit rejection; only public keys can be refused.
/// </summary>
internal abstract class MlKem(KemAlgorithm algorithm, Keccak keccak) : KeyEncapsulation
{
    /// <summary>Length of d ‖ z.</summary>
    public const int SeedSize = 64;

    /// <summary>Length of the message m that encapsulation draws.</summary>
    public const int RandomnessSize = 32;

    // FIPS 203 §8: a polynomial takes 384 bytes, the seed of the matrix 32.
    private const int PolynomialSize = 384;
    private const int MatrixSeedSize = 32;
    private const int Modulus = 3329;

    public sealed override KemAlgorithm Algorithm => algorithm;

    public sealed override int PrivateKeySize => SeedSize;

    public sealed override int PublicKeySize { get; } = (Rank(algorithm) * PolynomialSize) + MatrixSeedSize;

    public sealed override int EncapsulationSize { get; } = Rank(algorithm) switch
    {
        2 => 768,
        3 => 1088,
        _ => 1568,
    };

    public sealed override int SharedSecretSize => 32;

    public sealed override void GenerateKeyPair(IRandomSource random, Span<byte> privateKey, Span<byte> publicKey)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        Length.Require(publicKey.Length, PublicKeySize);
        random.Fill(privateKey);
        ComputePublicKey(privateKey, publicKey);
    }

    public sealed override void DeriveKeyPair(ReadOnlySpan<byte> ikm, Span<byte> privateKey, Span<byte> publicKey)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        Length.Require(publicKey.Length, PublicKeySize);
        SingleStage.DeriveSeed(keccak, algorithm, ikm, privateKey);
        ComputePublicKey(privateKey, publicKey);
    }

    public sealed override bool TryGetPublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        Length.Require(publicKey.Length, PublicKeySize);
        if (privateKey.Length != PrivateKeySize)
        {
            return false;
        }

        ComputePublicKey(privateKey, publicKey);
        return true;
    }

    /// <summary>The type and modulus checks of FIPS 203 §7.2: every 12-bit coefficient below q.</summary>
    public sealed override bool IsValidPublicKey(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != PublicKeySize)
        {
            return false;
        }

        var coefficients = publicKey[..^MatrixSeedSize];
        for (var i = 0; i + 2 < coefficients.Length; i += 3)
        {
            var first = coefficients[i] | ((coefficients[i + 1] & 0x0f) << 8);
            var second = (coefficients[i + 1] >> 4) | (coefficients[i + 2] << 4);
            if (first >= Modulus || second >= Modulus)
            {
                return false;
            }
        }

        return true;
    }

    public sealed override bool TryEncapsulate(ReadOnlySpan<byte> publicKey, IRandomSource random, Span<byte> encapsulation, Span<byte> sharedSecret)
    {
        Length.Require(encapsulation.Length, EncapsulationSize);
        Length.Require(sharedSecret.Length, SharedSecretSize);
        if (!IsValidPublicKey(publicKey))
        {
            return false;
        }

        Span<byte> randomness = stackalloc byte[RandomnessSize];
        random.Fill(randomness);
        Encapsulate(publicKey, randomness, encapsulation, sharedSecret);
        CryptographicOperations.ZeroMemory(randomness);
        return true;
    }

    public sealed override bool TryDecapsulate(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        Length.Require(sharedSecret.Length, SharedSecretSize);
        if (encapsulation.Length != EncapsulationSize)
        {
            return false;
        }

        Decapsulate(privateKey, encapsulation, sharedSecret);
        return true;
    }

    /// <summary>ML-KEM.KeyGen_internal (FIPS 203 §6.1), of which only the encapsulation key is wanted.</summary>
    protected abstract void ComputePublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey);

    /// <summary>ML-KEM.Encaps_internal (FIPS 203 §6.2) to a key that passed the checks.</summary>
    internal abstract void Encapsulate(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> randomness, Span<byte> encapsulation, Span<byte> sharedSecret);

    /// <summary>ML-KEM.Decaps_internal (FIPS 203 §6.3) with the key that <paramref name="seed"/> expands to.</summary>
    protected abstract void Decapsulate(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret);

    private static int Rank(KemAlgorithm algorithm) => algorithm switch
    {
        KemAlgorithm.MlKem512 => 2,
        KemAlgorithm.MlKem768 => 3,
        KemAlgorithm.MlKem1024 => 4,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };
}
