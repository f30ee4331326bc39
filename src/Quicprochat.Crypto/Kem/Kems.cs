using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Managed;

namespace Quicprochat.Crypto.Kem;

/// <summary>Every KEM, composed from the groups and hashes of one back end.</summary>
internal sealed class Kems
{
    private readonly Dictionary<KemAlgorithm, KeyEncapsulation> _kems;

    /// <summary>Composes. <paramref name="provider"/>'s groups and hashes exist already; its KEMs do not.</summary>
    public Kems(CryptoProvider provider, Keccak keccak, MlKem mlKem768)
    {
        var mlKem1024 = new ManagedMlKem(KemAlgorithm.MlKem1024, keccak);
        var x25519 = provider.Agreement(KeyAgreementAlgorithm.X25519);
        var p256 = provider.Agreement(KeyAgreementAlgorithm.P256);
        var p384 = provider.Agreement(KeyAgreementAlgorithm.P384);
        KeyEncapsulation[] kems =
        [
            new Dhkem(KemAlgorithm.DhkemP256, provider),
            new Dhkem(KemAlgorithm.DhkemP384, provider),
            new Dhkem(KemAlgorithm.DhkemP521, provider),
            new Dhkem(KemAlgorithm.DhkemX25519, provider),
            new Dhkem(KemAlgorithm.DhkemX448, provider),
            new ManagedMlKem(KemAlgorithm.MlKem512, keccak),
            mlKem768,
            mlKem1024,
            new HybridKem(KemAlgorithm.MlKem768P256, mlKem768, p256, keccak),
            new HybridKem(KemAlgorithm.MlKem1024P384, mlKem1024, p384, keccak),
            new HybridKem(KemAlgorithm.MlKem768X25519, mlKem768, x25519, keccak),
        ];
        _kems = kems.ToDictionary(static kem => kem.Algorithm);
    }

    public KeyEncapsulation this[KemAlgorithm algorithm] =>
        _kems.TryGetValue(algorithm, out var kem) ? kem : throw new ArgumentOutOfRangeException(nameof(algorithm));
}
