using Quicprochat.Crypto.Kem;

namespace Quicprochat.Crypto.Sodium;

/// <summary>An expanded ML-KEM-768 key, which saves a key generation per decapsulation.</summary>
internal sealed class SodiumMlKem768DecapsulationKey : DecapsulationKey
{
    private readonly Secret _expanded;

    /// <summary>Expands <paramref name="seed"/> and writes the public key.</summary>
    public SodiumMlKem768DecapsulationKey(ReadOnlySpan<byte> seed, Span<byte> publicKey) =>
        _expanded = Secret.Create(
            SodiumMlKem768.ExpandedKeySize,
            new KeyPair(seed, publicKey),
            static (expanded, keys) => _ = LibSodium.crypto_kem_mlkem768_seed_keypair(keys.PublicKey, expanded, keys.Seed));

    public override bool TryDecapsulate(ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret)
    {
        Length.Require(sharedSecret.Length, SodiumMlKem768.RandomnessSize);
        if (encapsulation.Length != SodiumMlKem768.CiphertextSize)
        {
            return false;
        }

        SodiumMlKem768.DecapsulateExpanded(_expanded.Span, encapsulation, sharedSecret);
        return true;
    }

    public override void Dispose() => _expanded.Dispose();

    private readonly ref struct KeyPair(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        public ReadOnlySpan<byte> Seed { get; } = seed;

        public Span<byte> PublicKey { get; } = publicKey;
    }
}
