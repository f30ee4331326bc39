using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Kems;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Kem;

namespace Quicprochat.Crypto.Managed;

/// <summary>ML-KEM of BouncyCastle, whose copies of the private key are left to the collector.</summary>
internal sealed class ManagedMlKem(KemAlgorithm algorithm, Keccak keccak) : MlKem(algorithm, keccak)
{
    private readonly MLKemParameters _parameters = algorithm switch
    {
        KemAlgorithm.MlKem512 => MLKemParameters.ml_kem_512,
        KemAlgorithm.MlKem768 => MLKemParameters.ml_kem_768,
        KemAlgorithm.MlKem1024 => MLKemParameters.ml_kem_1024,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    public override DecapsulationKey Expand(ReadOnlySpan<byte> privateKey)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        return new ManagedMlKemDecapsulationKey(this, CreateDecapsulator(Import(privateKey)));
    }

    public override DecapsulationKey GenerateEphemeral(IRandomSource random, Span<byte> publicKey)
    {
        Length.Require(publicKey.Length, PublicKeySize);
        Span<byte> seed = stackalloc byte[SeedSize];
        random.Fill(seed);
        var key = Import(seed);
        CryptographicOperations.ZeroMemory(seed);
        key.GetPublicKeyEncoded().CopyTo(publicKey);
        return new ManagedMlKemDecapsulationKey(this, CreateDecapsulator(key));
    }

    protected override void ComputePublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey) =>
        Import(seed).GetPublicKeyEncoded().CopyTo(publicKey);

    internal override void Encapsulate(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> randomness, Span<byte> encapsulation, Span<byte> sharedSecret)
    {
        using var generator = new FixedRandomGenerator(randomness);
        var encapsulator = new MLKemEncapsulator(_parameters);
        encapsulator.Init(new ParametersWithRandom(
            MLKemPublicKeyParameters.FromEncoding(_parameters, publicKey.ToArray()), new SecureRandom(generator)));
        encapsulator.Encapsulate(encapsulation, sharedSecret);
    }

    protected override void Decapsulate(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret) =>
        CreateDecapsulator(Import(seed)).Decapsulate(encapsulation, sharedSecret);

    private MLKemDecapsulator CreateDecapsulator(MLKemPrivateKeyParameters key)
    {
        var decapsulator = new MLKemDecapsulator(_parameters);
        decapsulator.Init(key);
        return decapsulator;
    }

    private MLKemPrivateKeyParameters Import(ReadOnlySpan<byte> seed)
    {
        var copy = seed.ToArray();
        try
        {
            return MLKemPrivateKeyParameters.FromSeed(_parameters, copy);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }
}
