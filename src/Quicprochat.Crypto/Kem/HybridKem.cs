using System.Security.Cryptography;
using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Nist;

namespace Quicprochat.Crypto.Kem;

/// <summary>
/// A PQ/T hybrid of ML-KEM and a group: the CG framework of draft-irtf-cfrg-hybrid-kems as draft-irtf-cfrg-concrete-hybrid-kems fills it,
/// with SHAKE256 and SHA3-256.
/// A private key is a 32-byte seed. With X25519 this is X-Wing (draft-connolly-cfrg-xwing-kem), except that an all-zero X25519 result is refused.
/// </summary>
internal sealed class HybridKem : KeyEncapsulation
{
    private const int SeedSize = 32;
    private const int SecretSize = 32;

    // P-256 draws its scalar from four candidates, P-384 and X25519 from one: what is left after that has negligible probability.
    private const int GroupSeedSizeMax = 128;
    private const int ScalarSizeMax = 48;
    private const int PointSizeMax = 97;

    private readonly MlKem _postQuantum;
    private readonly KeyAgreement _group;
    private readonly Keccak _keccak;
    private readonly byte[] _label;
    private readonly int _groupSeedSize;

    public HybridKem(KemAlgorithm algorithm, MlKem postQuantum, KeyAgreement group, Keccak keccak)
    {
        Algorithm = algorithm;
        _postQuantum = postQuantum;
        _group = group;
        _keccak = keccak;
        (_label, _groupSeedSize) = algorithm switch
        {
            KemAlgorithm.MlKem768X25519 => ("""\.//^\"""u8.ToArray(), 32),
            KemAlgorithm.MlKem768P256 => ("MLKEM768-P256"u8.ToArray(), GroupSeedSizeMax),
            KemAlgorithm.MlKem1024P384 => ("MLKEM1024-P384"u8.ToArray(), 48),
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        };
    }

    public override KemAlgorithm Algorithm { get; }

    public override int PrivateKeySize => SeedSize;

    public override int PublicKeySize => _postQuantum.PublicKeySize + _group.PublicKeySize;

    public override int EncapsulationSize => _postQuantum.EncapsulationSize + _group.PublicKeySize;

    public override int SharedSecretSize => SecretSize;

    public override void GenerateKeyPair(IRandomSource random, Span<byte> privateKey, Span<byte> publicKey)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        random.Fill(privateKey);
        ComputePublicKey(privateKey, publicKey);
    }

    public override void DeriveKeyPair(ReadOnlySpan<byte> ikm, Span<byte> privateKey, Span<byte> publicKey)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        SingleStage.DeriveSeed(_keccak, Algorithm, ikm, privateKey);
        ComputePublicKey(privateKey, publicKey);
    }

    public override bool TryGetPublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        if (privateKey.Length != PrivateKeySize)
        {
            return false;
        }

        ComputePublicKey(privateKey, publicKey);
        return true;
    }

    public override bool IsValidPublicKey(ReadOnlySpan<byte> publicKey) =>
        publicKey.Length == PublicKeySize
        && _group.IsValidPublicKey(publicKey[_postQuantum.PublicKeySize..])
        && _postQuantum.IsValidPublicKey(publicKey[.._postQuantum.PublicKeySize]);

    public override bool TryEncapsulate(ReadOnlySpan<byte> publicKey, IRandomSource random, Span<byte> encapsulation, Span<byte> sharedSecret)
    {
        Length.Require(encapsulation.Length, EncapsulationSize);
        Length.Require(sharedSecret.Length, SharedSecretSize);
        if (publicKey.Length != PublicKeySize)
        {
            return false;
        }

        var groupKey = publicKey[_postQuantum.PublicKeySize..];
        var groupEncapsulation = encapsulation[_postQuantum.EncapsulationSize..];
        Span<byte> secrets = stackalloc byte[SecretSize + ScalarSizeMax];
        Span<byte> ephemeral = stackalloc byte[ScalarSizeMax];
        secrets = secrets[..(SecretSize + _group.SharedSecretSize)];
        ephemeral = ephemeral[.._group.PrivateKeySize];
        var valid = _postQuantum.TryEncapsulate(
            publicKey[.._postQuantum.PublicKeySize], random, encapsulation[.._postQuantum.EncapsulationSize], secrets[..SecretSize]);
        if (valid)
        {
            _group.GenerateKeyPair(random, ephemeral, groupEncapsulation);
            valid = _group.TryAgree(ephemeral, groupKey, secrets[SecretSize..]);
        }

        if (valid)
        {
            Combine(secrets, groupEncapsulation, groupKey, sharedSecret);
        }

        CryptographicOperations.ZeroMemory(secrets);
        CryptographicOperations.ZeroMemory(ephemeral);
        return valid;
    }

    public override bool TryDecapsulate(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        Length.Require(sharedSecret.Length, SharedSecretSize);
        if (encapsulation.Length != EncapsulationSize)
        {
            return false;
        }

        var groupEncapsulation = encapsulation[_postQuantum.EncapsulationSize..];
        Span<byte> seed = stackalloc byte[MlKem.SeedSize];
        Span<byte> scalar = stackalloc byte[ScalarSizeMax];
        Span<byte> secrets = stackalloc byte[SecretSize + ScalarSizeMax];
        Span<byte> groupKey = stackalloc byte[PointSizeMax];
        scalar = scalar[.._group.PrivateKeySize];
        secrets = secrets[..(SecretSize + _group.SharedSecretSize)];
        groupKey = groupKey[.._group.PublicKeySize];
        ExpandSeed(privateKey, seed, scalar);
        var valid = _group.TryAgree(scalar, groupEncapsulation, secrets[SecretSize..])
            && _group.TryGetPublicKey(scalar, groupKey)
            && _postQuantum.TryDecapsulate(seed, encapsulation[.._postQuantum.EncapsulationSize], secrets[..SecretSize]);
        if (valid)
        {
            Combine(secrets, groupEncapsulation, groupKey, sharedSecret);
        }

        CryptographicOperations.ZeroMemory(seed);
        CryptographicOperations.ZeroMemory(scalar);
        CryptographicOperations.ZeroMemory(secrets);
        return valid;
    }

    private void ComputePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        Length.Require(publicKey.Length, PublicKeySize);
        Span<byte> seed = stackalloc byte[MlKem.SeedSize];
        Span<byte> scalar = stackalloc byte[ScalarSizeMax];
        scalar = scalar[.._group.PrivateKeySize];
        ExpandSeed(privateKey, seed, scalar);
        _ = _postQuantum.TryGetPublicKey(seed, publicKey[.._postQuantum.PublicKeySize]);
        _ = _group.TryGetPublicKey(scalar, publicKey[_postQuantum.PublicKeySize..]);
        CryptographicOperations.ZeroMemory(seed);
        CryptographicOperations.ZeroMemory(scalar);
    }

    private void ExpandSeed(ReadOnlySpan<byte> privateKey, Span<byte> seed, Span<byte> scalar)
    {
        Span<byte> expanded = stackalloc byte[MlKem.SeedSize + GroupSeedSizeMax];
        expanded = expanded[..(MlKem.SeedSize + _groupSeedSize)];
        _keccak.Shake256(privateKey, expanded);
        expanded[..MlKem.SeedSize].CopyTo(seed);
        ChooseScalar(expanded[MlKem.SeedSize..], scalar);
        CryptographicOperations.ZeroMemory(expanded);
    }

    // RandomScalar of draft-irtf-cfrg-concrete-hybrid-kems: the first candidate in range.
    private void ChooseScalar(ReadOnlySpan<byte> candidates, Span<byte> scalar)
    {
        for (; candidates.Length >= scalar.Length; candidates = candidates[scalar.Length..])
        {
            candidates[..scalar.Length].CopyTo(scalar);
            if (_group is not NistAgreement { Curve: var curve } || curve.IsValidScalar(scalar))
            {
                return;
            }
        }

        throw new CryptographicException("No candidate for the scalar is in range.");
    }

    // C2PRI: ML-KEM binds its own ciphertext and key, so that only the group's are hashed.
    private void Combine(ReadOnlySpan<byte> secrets, ReadOnlySpan<byte> groupEncapsulation, ReadOnlySpan<byte> groupKey, Span<byte> sharedSecret)
    {
        var input = new Concatenation(stackalloc byte[SecretSize + ScalarSizeMax + (2 * PointSizeMax) + 16]);
        input.Append(secrets);
        input.Append(groupEncapsulation);
        input.Append(groupKey);
        input.Append(_label);
        _keccak.Sha3256(input.Span, sharedSecret);
        input.Dispose();
    }
}
