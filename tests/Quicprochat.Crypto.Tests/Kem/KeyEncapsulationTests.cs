using Quicprochat.Crypto.Kem;

namespace Quicprochat.Crypto.Tests.Kem;

/// <summary>What every KEM of every back end must do.</summary>
public sealed class KeyEncapsulationTests
{
    public static TheoryData<string, KemAlgorithm> Kems() => Backend.Kems();

    [Theory]
    [MemberData(nameof(Kems))]
    public void What_was_encapsulated_is_recovered(string backend, KemAlgorithm algorithm)
    {
        var kem = Backend.Get(backend).Kem(algorithm);
        var random = new SeededRandom(1);
        Assert.Equal(algorithm, kem.Algorithm);
        Assert.Same(kem, Backend.Get(backend).Kem(algorithm));
        for (var i = 0; i < 3; i++)
        {
            var pair = KemKeyPair.Generate(kem, random);
            var (encapsulation, secret) = Encapsulate(kem, pair.Public, random);
            Assert.Equal(secret, Decapsulate(kem, pair.Private, encapsulation));
            Assert.True(kem.IsValidPublicKey(pair.Public));

            var again = new byte[kem.PublicKeySize];
            Assert.True(kem.TryGetPublicKey(pair.Private, again));
            Assert.Equal(pair.Public, again);
        }
    }

    [Theory]
    [MemberData(nameof(Kems))]
    public void An_expanded_key_recovers_the_same(string backend, KemAlgorithm algorithm)
    {
        var kem = Backend.Get(backend).Kem(algorithm);
        var random = new SeededRandom(2);
        var pair = KemKeyPair.Generate(kem, random);
        var key = kem.Expand(pair.Private);
        for (var i = 0; i < 3; i++)
        {
            var (encapsulation, secret) = Encapsulate(kem, pair.Public, random);
            var recovered = new byte[kem.SharedSecretSize];
            Assert.True(key.TryDecapsulate(encapsulation, recovered));
            Assert.Equal(secret, recovered);
            Assert.False(key.TryDecapsulate(encapsulation.AsSpan(1), recovered));
            Assert.Throws<ArgumentException>(() => key.TryDecapsulate(encapsulation, new byte[kem.SharedSecretSize + 1]));
        }

        key.Dispose();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.TryDecapsulate(new byte[kem.EncapsulationSize], new byte[kem.SharedSecretSize]));
        Assert.Throws<ArgumentException>(() => kem.Expand(new byte[kem.PrivateKeySize + 1]));
    }

    [Theory]
    [MemberData(nameof(Kems))]
    public void An_ephemeral_key_is_the_generated_one(string backend, KemAlgorithm algorithm)
    {
        var kem = Backend.Get(backend).Kem(algorithm);
        var publicKey = new byte[kem.PublicKeySize];
        using var key = kem.GenerateEphemeral(new SeededRandom(3), publicKey);
        Assert.Equal(KemKeyPair.Generate(kem, new SeededRandom(3)).Public, publicKey);
        var (encapsulation, secret) = Encapsulate(kem, publicKey, new SeededRandom(4));
        var recovered = new byte[kem.SharedSecretSize];
        Assert.True(key.TryDecapsulate(encapsulation, recovered));
        Assert.Equal(secret, recovered);
        Assert.Throws<ArgumentException>(() => kem.GenerateEphemeral(new SeededRandom(3), new byte[kem.PublicKeySize + 1]));
    }

    [Theory]
    [MemberData(nameof(Kems))]
    public void A_derived_key_pair_is_a_function_of_the_ikm(string backend, KemAlgorithm algorithm)
    {
        var kem = Backend.Get(backend).Kem(algorithm);
        var random = new SeededRandom(5);
        foreach (var length in new[] { 0, 1, 32, 64, 200, 1000 })
        {
            var ikm = random.Bytes(length);
            Assert.Equal(KemKeyPair.Derive(kem, ikm).Private, KemKeyPair.Derive(kem, ikm).Private);
            Assert.NotEqual(KemKeyPair.Derive(kem, ikm).Private, KemKeyPair.Derive(kem, [.. ikm, 0]).Private);
        }
    }

    [Theory]
    [MemberData(nameof(Kems))]
    public void A_changed_encapsulation_gives_another_secret_or_none(string backend, KemAlgorithm algorithm)
    {
        var kem = Backend.Get(backend).Kem(algorithm);
        var random = new SeededRandom(6);
        var pair = KemKeyPair.Generate(kem, random);
        var (encapsulation, secret) = Encapsulate(kem, pair.Public, random);
        for (var i = 0; i < 16; i++)
        {
            var changed = (byte[])encapsulation.Clone();
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(7));
            var recovered = new byte[kem.SharedSecretSize];
            if (kem.TryDecapsulate(pair.Private, changed, recovered))
            {
                Assert.NotEqual(secret, recovered);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kems))]
    public void Another_key_recovers_another_secret(string backend, KemAlgorithm algorithm)
    {
        var kem = Backend.Get(backend).Kem(algorithm);
        var random = new SeededRandom(7);
        var (pair, other) = (KemKeyPair.Generate(kem, random), KemKeyPair.Generate(kem, random));
        var (encapsulation, secret) = Encapsulate(kem, pair.Public, random);
        Assert.NotEqual(secret, Decapsulate(kem, other.Private, encapsulation));
    }

    [Theory]
    [MemberData(nameof(Kems))]
    public void What_a_peer_sent_in_another_length_is_refused(string backend, KemAlgorithm algorithm)
    {
        var kem = Backend.Get(backend).Kem(algorithm);
        var random = new SeededRandom(8);
        var pair = KemKeyPair.Generate(kem, random);
        var (encapsulation, _) = Encapsulate(kem, pair.Public, random);
        foreach (var wrong in OtherLengths(pair.Public))
        {
            Refuses(kem, wrong);
        }

        foreach (var wrong in OtherLengths(encapsulation))
        {
            Assert.False(kem.TryDecapsulate(pair.Private, wrong, new byte[kem.SharedSecretSize]));
        }
    }

    [Theory]
    [MemberData(nameof(Kems))]
    public void A_length_the_caller_chose_wrongly_throws(string backend, KemAlgorithm algorithm)
    {
        var kem = Backend.Get(backend).Kem(algorithm);
        var random = new SeededRandom(9);
        var pair = KemKeyPair.Generate(kem, random);
        var (encapsulation, secret) = Encapsulate(kem, pair.Public, random);
        foreach (var by in new[] { -1, 1 })
        {
            var (privateKey, publicKey) = (new byte[kem.PrivateKeySize + by], new byte[kem.PublicKeySize + by]);
            Assert.Throws<ArgumentException>(() => kem.GenerateKeyPair(random, privateKey, new byte[kem.PublicKeySize]));
            Assert.Throws<ArgumentException>(() => kem.GenerateKeyPair(random, new byte[kem.PrivateKeySize], publicKey));
            Assert.Throws<ArgumentException>(() => kem.DeriveKeyPair(secret, privateKey, new byte[kem.PublicKeySize]));
            Assert.Throws<ArgumentException>(() => kem.DeriveKeyPair(secret, new byte[kem.PrivateKeySize], publicKey));
            Assert.Throws<ArgumentException>(() => kem.TryGetPublicKey(pair.Private, publicKey));
            Assert.Throws<ArgumentException>(() => kem.TryEncapsulate(pair.Public, random, new byte[kem.EncapsulationSize + by], new byte[secret.Length]));
            Assert.Throws<ArgumentException>(() => kem.TryEncapsulate(pair.Public, random, new byte[kem.EncapsulationSize], new byte[secret.Length + by]));
            Assert.Throws<ArgumentException>(() => kem.TryDecapsulate(privateKey, encapsulation, new byte[secret.Length]));
            Assert.Throws<ArgumentException>(() => kem.TryDecapsulate(pair.Private, encapsulation, new byte[secret.Length + by]));
            Assert.False(kem.TryGetPublicKey(privateKey, new byte[kem.PublicKeySize]));
        }
    }

    [Theory]
    [MemberData(nameof(Kems))]
    public void Keys_that_a_check_must_catch_are_refused(string backend, KemAlgorithm algorithm)
    {
        var kem = Backend.Get(backend).Kem(algorithm);
        var pair = KemKeyPair.Generate(kem, new SeededRandom(10));
        foreach (var bad in InvalidKeys.Of(algorithm, pair.Public))
        {
            Refuses(kem, bad);
        }
    }

    [Theory]
    [MemberData(nameof(Kems))]
    public void Encapsulations_that_a_check_must_catch_are_refused(string backend, KemAlgorithm algorithm)
    {
        var kem = Backend.Get(backend).Kem(algorithm);
        var random = new SeededRandom(11);
        var pair = KemKeyPair.Generate(kem, random);
        var (encapsulation, _) = Encapsulate(kem, pair.Public, random);
        foreach (var bad in InvalidKeys.OfGroup(algorithm, encapsulation))
        {
            Assert.False(kem.TryDecapsulate(pair.Private, bad, new byte[kem.SharedSecretSize]));
        }
    }

    [Theory]
    [InlineData(KemAlgorithm.DhkemP256, 100)]
    [InlineData(KemAlgorithm.DhkemP384, 10)]
    [InlineData(KemAlgorithm.DhkemP521, 10)]
    [InlineData(KemAlgorithm.DhkemX25519, 1000)]
    [InlineData(KemAlgorithm.MlKem512, 300)]
    [InlineData(KemAlgorithm.MlKem768, 1000)]
    [InlineData(KemAlgorithm.MlKem1024, 300)]
    [InlineData(KemAlgorithm.MlKem768P256, 100)]
    [InlineData(KemAlgorithm.MlKem1024P384, 10)]
    [InlineData(KemAlgorithm.MlKem768X25519, 1000)]
    public void Native_and_managed_agree(KemAlgorithm algorithm, int count)
    {
        var (native, managed) = (Backend.Get("Native").Kem(algorithm), CryptoProvider.Managed.Kem(algorithm));
        for (var i = 0; i < count; i++)
        {
            var ikm = new SeededRandom(i).Bytes(64);
            var pair = KemKeyPair.Derive(native, ikm);
            Assert.Equal(pair.Private, KemKeyPair.Derive(managed, ikm).Private);
            Assert.Equal(pair.Public, KemKeyPair.Derive(managed, ikm).Public);

            var (encapsulation, secret) = Encapsulate(native, pair.Public, new SeededRandom(i));
            var (otherEncapsulation, otherSecret) = Encapsulate(managed, pair.Public, new SeededRandom(i));
            Assert.Equal(encapsulation, otherEncapsulation);
            Assert.Equal(secret, otherSecret);
            Assert.Equal(secret, Decapsulate(managed, pair.Private, encapsulation));
            Assert.Equal(secret, Decapsulate(native, pair.Private, encapsulation));

            // Implicit rejection must give the same secret too.
            encapsulation[0] ^= 1;
            var (a, b) = (new byte[secret.Length], new byte[secret.Length]);
            Assert.Equal(native.TryDecapsulate(pair.Private, encapsulation, a), managed.TryDecapsulate(pair.Private, encapsulation, b));
            Assert.Equal(a, b);
        }
    }

    internal static (byte[] Encapsulation, byte[] Secret) Encapsulate(KeyEncapsulation kem, byte[] publicKey, IRandomSource random)
    {
        var encapsulation = new byte[kem.EncapsulationSize];
        var secret = new byte[kem.SharedSecretSize];
        Assert.True(kem.TryEncapsulate(publicKey, random, encapsulation, secret));
        return (encapsulation, secret);
    }

    private static byte[] Decapsulate(KeyEncapsulation kem, byte[] privateKey, byte[] encapsulation)
    {
        var secret = new byte[kem.SharedSecretSize];
        Assert.True(kem.TryDecapsulate(privateKey, encapsulation, secret));
        return secret;
    }

    private static void Refuses(KeyEncapsulation kem, byte[] publicKey)
    {
        Assert.False(kem.IsValidPublicKey(publicKey));
        Assert.False(kem.TryEncapsulate(publicKey, new SeededRandom(0), new byte[kem.EncapsulationSize], new byte[kem.SharedSecretSize]));
    }

    private static byte[][] OtherLengths(byte[] bytes) => [[], [0x04], bytes[1..], bytes[..^1], [.. bytes, 0], [.. bytes, .. bytes]];
}
