using System.Security.Cryptography;
using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Hpke;
using Quicprochat.Crypto.Nist;
using HashAlgorithm = Quicprochat.Crypto.Hash.HashAlgorithm;

namespace Quicprochat.Crypto.Kem;

/// <summary>DHKEM (RFC 9180 §4.1) over a group and a KDF of any back end.</summary>
internal sealed class Dhkem : KeyEncapsulation
{
    // P-521's point is the longest, as is its scalar.
    private const int PointSizeMax = 133;
    private const int ScalarSizeMax = 66;

    private readonly KeyAgreement _group;
    private readonly LabeledKdf _kdf;

    public Dhkem(KemAlgorithm algorithm, CryptoProvider provider)
    {
        Algorithm = algorithm;
        var (group, hash) = algorithm switch
        {
            KemAlgorithm.DhkemP256 => (KeyAgreementAlgorithm.P256, HashAlgorithm.Sha256),
            KemAlgorithm.DhkemP384 => (KeyAgreementAlgorithm.P384, HashAlgorithm.Sha384),
            KemAlgorithm.DhkemP521 => (KeyAgreementAlgorithm.P521, HashAlgorithm.Sha512),
            KemAlgorithm.DhkemX25519 => (KeyAgreementAlgorithm.X25519, HashAlgorithm.Sha256),
            KemAlgorithm.DhkemX448 => (KeyAgreementAlgorithm.X448, HashAlgorithm.Sha512),
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        };
        _group = provider.Agreement(group);

        // "KEM" ‖ kem_id
        _kdf = new LabeledKdf(provider.Hash(hash), [.. "KEM"u8, (byte)((ushort)algorithm >> 8), (byte)((ushort)algorithm & 0xff)]);
    }

    public override KemAlgorithm Algorithm { get; }

    public override int PrivateKeySize => _group.PrivateKeySize;

    public override int PublicKeySize => _group.PublicKeySize;

    public override int EncapsulationSize => _group.PublicKeySize;

    public override int SharedSecretSize => _kdf.Size;

    // GenerateKeyPair() is DeriveKeyPair(random(Nsk)), as RFC 9180 §4 allows: the number of random bytes taken is always the same.
    public override void GenerateKeyPair(IRandomSource random, Span<byte> privateKey, Span<byte> publicKey)
    {
        Span<byte> ikm = stackalloc byte[ScalarSizeMax];
        ikm = ikm[..PrivateKeySize];
        random.Fill(ikm);
        DeriveKeyPair(ikm, privateKey, publicKey);
        CryptographicOperations.ZeroMemory(ikm);
    }

    public override void DeriveKeyPair(ReadOnlySpan<byte> ikm, Span<byte> privateKey, Span<byte> publicKey)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        Length.Require(publicKey.Length, PublicKeySize);
        Span<byte> prk = stackalloc byte[HashFunction.SizeMax];
        prk = prk[.._kdf.Size];
        _kdf.Extract([], "dkp_prk"u8, ikm, prk);
        if (_group is NistAgreement { Curve: var curve })
        {
            DeriveScalar(curve, prk, privateKey);
        }
        else
        {
            _kdf.Expand(prk, "sk"u8, [], privateKey);
        }

        CryptographicOperations.ZeroMemory(prk);
        if (!_group.TryGetPublicKey(privateKey, publicKey))
        {
            throw new CryptographicException("A derived private key is out of range.");
        }
    }

    public override bool TryGetPublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey) => _group.TryGetPublicKey(privateKey, publicKey);

    public override bool IsValidPublicKey(ReadOnlySpan<byte> publicKey) => _group.IsValidPublicKey(publicKey);

    public override bool TryEncapsulate(ReadOnlySpan<byte> publicKey, IRandomSource random, Span<byte> encapsulation, Span<byte> sharedSecret)
    {
        Length.Require(encapsulation.Length, EncapsulationSize);
        Length.Require(sharedSecret.Length, SharedSecretSize);
        Span<byte> ephemeral = stackalloc byte[ScalarSizeMax];
        Span<byte> product = stackalloc byte[ScalarSizeMax];
        ephemeral = ephemeral[..PrivateKeySize];
        product = product[.._group.SharedSecretSize];
        GenerateKeyPair(random, ephemeral, encapsulation);
        var agreed = _group.TryAgree(ephemeral, publicKey, product);
        if (agreed)
        {
            ExtractAndExpand(product, encapsulation, publicKey, sharedSecret);
        }

        CryptographicOperations.ZeroMemory(ephemeral);
        CryptographicOperations.ZeroMemory(product);
        return agreed;
    }

    public override bool TryDecapsulate(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret)
    {
        Length.Require(privateKey.Length, PrivateKeySize);
        Length.Require(sharedSecret.Length, SharedSecretSize);
        Span<byte> product = stackalloc byte[ScalarSizeMax];
        Span<byte> publicKey = stackalloc byte[PointSizeMax];
        product = product[.._group.SharedSecretSize];
        publicKey = publicKey[..PublicKeySize];
        var agreed = _group.TryAgree(privateKey, encapsulation, product) && _group.TryGetPublicKey(privateKey, publicKey);
        if (agreed)
        {
            ExtractAndExpand(product, encapsulation, publicKey, sharedSecret);
        }

        CryptographicOperations.ZeroMemory(product);
        return agreed;
    }

    // RFC 9180 §7.1.3, for the curves whose scalars are drawn by rejection.
    private void DeriveScalar(NistCurve curve, ReadOnlySpan<byte> prk, Span<byte> scalar)
    {
        for (byte counter = 0; ; counter++)
        {
            _kdf.Expand(prk, "candidate"u8, [counter], scalar);
            scalar[0] &= curve.TopByteMask;
            if (curve.IsValidScalar(scalar))
            {
                return;
            }

            if (counter == 255)
            {
                throw new CryptographicException("No valid private key in 256 candidates (RFC 9180 §7.1.3).");
            }
        }
    }

    private void ExtractAndExpand(ReadOnlySpan<byte> product, ReadOnlySpan<byte> encapsulation, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret)
    {
        Span<byte> prk = stackalloc byte[HashFunction.SizeMax];
        Span<byte> context = stackalloc byte[2 * PointSizeMax];
        prk = prk[.._kdf.Size];
        context = context[..(encapsulation.Length + publicKey.Length)];
        encapsulation.CopyTo(context);
        publicKey.CopyTo(context[encapsulation.Length..]);
        _kdf.Extract([], "eae_prk"u8, product, prk);
        _kdf.Expand(prk, "shared_secret"u8, context, sharedSecret);
        CryptographicOperations.ZeroMemory(prk);
    }
}
