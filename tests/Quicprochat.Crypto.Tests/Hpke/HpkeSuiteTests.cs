using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Hpke;
using Quicprochat.Crypto.Kem;
using Quicprochat.Crypto.Tests.Kem;

namespace Quicprochat.Crypto.Tests.Hpke;

public sealed class HpkeSuiteTests
{
    private static readonly byte[] _info = [1, 2, 3];
    private static readonly byte[] _associatedData = [4, 5];
    private static readonly byte[] _plaintext = [6, 7, 8, 9];

    public static TheoryData<string, KemAlgorithm> Kems() => Backend.Kems();

    [Theory]
    [MemberData(nameof(Kems))]
    public void A_message_opens_with_all_of_its_parts_and_with_nothing_else(string backend, KemAlgorithm algorithm)
    {
        var suite = new HpkeSuite(Backend.Get(backend), algorithm, HashAlgorithm.Sha384, AeadAlgorithm.Aes256Gcm);
        var random = new SeededRandom(1);
        var pair = KemKeyPair.Generate(suite.Kem, random);
        var (encapsulation, ciphertext) = Seal(suite, pair.Public, random);

        var plaintext = new byte[_plaintext.Length];
        Assert.True(suite.TryOpen(pair.Private, encapsulation, _info, _associatedData, ciphertext, plaintext));
        Assert.Equal(_plaintext, plaintext);

        Assert.False(suite.TryOpen(KemKeyPair.Generate(suite.Kem, random).Private, encapsulation, _info, _associatedData, ciphertext, plaintext));
        Assert.False(suite.TryOpen(pair.Private, encapsulation, [], _associatedData, ciphertext, plaintext));
        Assert.False(suite.TryOpen(pair.Private, encapsulation, _info, [4, 6], ciphertext, plaintext));
        Assert.False(suite.TryOpen(pair.Private, Changed(encapsulation), _info, _associatedData, ciphertext, plaintext));
        Assert.False(suite.TryOpen(pair.Private, encapsulation, _info, _associatedData, Changed(ciphertext), plaintext));
        Assert.False(suite.TryOpen(pair.Private, encapsulation.AsSpan(1), _info, _associatedData, ciphertext, plaintext));
        Assert.False(suite.TryOpen(pair.Private, encapsulation, _info, _associatedData, [1, 2, 3], []));
    }

    [Theory]
    [MemberData(nameof(Kems))]
    public void An_invalid_public_key_is_refused(string backend, KemAlgorithm algorithm)
    {
        var suite = new HpkeSuite(Backend.Get(backend), algorithm, HashAlgorithm.Sha256, AeadAlgorithm.Aes128Gcm);
        var pair = KemKeyPair.Generate(suite.Kem, new SeededRandom(2));
        foreach (var bad in InvalidKeys.Of(algorithm, pair.Public).Append(pair.Public[1..]))
        {
            var ciphertext = new byte[_plaintext.Length + AeadKey.TagSize];
            Assert.False(suite.TrySeal(bad, _info, _associatedData, _plaintext, new SeededRandom(3), new byte[suite.Kem.EncapsulationSize], ciphertext));
            Assert.Equal(new byte[ciphertext.Length], ciphertext);
        }
    }

    [Fact]
    public void Suites_do_not_open_each_others_messages()
    {
        var provider = CryptoProvider.Default;
        var random = new SeededRandom(4);
        var suite = new HpkeSuite(provider, KemAlgorithm.DhkemX25519, HashAlgorithm.Sha384, AeadAlgorithm.Aes256Gcm);
        var pair = KemKeyPair.Generate(suite.Kem, random);
        var (encapsulation, ciphertext) = Seal(suite, pair.Public, random);
        foreach (var other in new[]
        {
            new HpkeSuite(provider, KemAlgorithm.DhkemX25519, HashAlgorithm.Sha256, AeadAlgorithm.Aes256Gcm),
            new HpkeSuite(provider, KemAlgorithm.DhkemX25519, HashAlgorithm.Sha512, AeadAlgorithm.Aes256Gcm),
            new HpkeSuite(provider, KemAlgorithm.DhkemX25519, HashAlgorithm.Sha384, AeadAlgorithm.Aes128Gcm),
            new HpkeSuite(provider, KemAlgorithm.DhkemX25519, HashAlgorithm.Sha384, AeadAlgorithm.ChaCha20Poly1305),
        })
        {
            Assert.False(other.TryOpen(pair.Private, encapsulation, _info, _associatedData, ciphertext, new byte[_plaintext.Length]));
        }
    }

    [Fact]
    public void An_info_hashed_once_is_the_info_itself()
    {
        var random = new SeededRandom(7);
        var suite = new HpkeSuite(CryptoProvider.Default, KemAlgorithm.DhkemX25519, HashAlgorithm.Sha256, AeadAlgorithm.Aes128Gcm);
        var info = random.Bytes(100_000);
        var hashed = suite.HashInfo(info);
        for (var i = 0; i < 3; i++)
        {
            var pair = KemKeyPair.Generate(suite.Kem, random);
            var encapsulation = new byte[suite.Kem.EncapsulationSize];
            var ciphertext = new byte[_plaintext.Length + AeadKey.TagSize];
            var plaintext = new byte[_plaintext.Length];
            Assert.True(suite.TrySeal(pair.Public, hashed, _associatedData, _plaintext, random, encapsulation, ciphertext));
            Assert.True(suite.TryOpen(pair.Private, encapsulation, info, _associatedData, ciphertext, plaintext));
            Assert.Equal(_plaintext, plaintext);
            Assert.False(suite.TryOpen(pair.Private, encapsulation, suite.HashInfo(info.AsSpan(1)), _associatedData, ciphertext, plaintext));

            Assert.True(suite.TrySeal(pair.Public, info, _associatedData, _plaintext, random, encapsulation, ciphertext));
            Assert.True(suite.TryOpen(pair.Private, encapsulation, hashed, _associatedData, ciphertext, plaintext));
        }
    }

    [Fact]
    public void An_info_hashed_by_another_suite_is_the_callers_bug()
    {
        var suite = new HpkeSuite(CryptoProvider.Default, KemAlgorithm.DhkemX25519, HashAlgorithm.Sha256, AeadAlgorithm.Aes128Gcm);
        var other = new HpkeSuite(CryptoProvider.Default, KemAlgorithm.DhkemX25519, HashAlgorithm.Sha256, AeadAlgorithm.Aes256Gcm);
        var pair = KemKeyPair.Generate(suite.Kem, new SeededRandom(8));
        var hashed = other.HashInfo(_info);
        var ciphertext = new byte[_plaintext.Length + AeadKey.TagSize];
        Assert.Throws<ArgumentException>(() => suite.TrySeal(pair.Public, hashed, [], _plaintext, new SeededRandom(9), new byte[suite.Kem.EncapsulationSize], ciphertext));
        Assert.Throws<ArgumentException>(() => suite.TryOpen(pair.Private, new byte[suite.Kem.EncapsulationSize], hashed, [], ciphertext, new byte[_plaintext.Length]));
    }

    [Fact]
    public void A_context_opens_messages_only_in_order()
    {
        var (sender, receiver) = Contexts(new HpkeSuite(CryptoProvider.Default, KemAlgorithm.MlKem768X25519, HashAlgorithm.Sha384, AeadAlgorithm.Aes256Gcm));
        var ciphertexts = Enumerable.Range(0, 3).Select(_ => Seal(sender)).ToArray();
        Assert.Equal(3ul, sender.SequenceNumber);
        Assert.Equal(3, ciphertexts.Select(Convert.ToHexString).Distinct().Count());

        var plaintext = new byte[_plaintext.Length];
        Assert.False(receiver.TryOpen(_associatedData, ciphertexts[1], plaintext));
        Assert.Equal(0ul, receiver.SequenceNumber);
        foreach (var ciphertext in ciphertexts)
        {
            Assert.True(receiver.TryOpen(_associatedData, ciphertext, plaintext));
            Assert.Equal(_plaintext, plaintext);
            Assert.False(receiver.TryOpen(_associatedData, ciphertext, plaintext));
        }
    }

    [Fact]
    public void A_spent_context_neither_seals_nor_opens()
    {
        var (sender, receiver) = Contexts(new HpkeSuite(CryptoProvider.Default, KemAlgorithm.DhkemX25519, HashAlgorithm.Sha256, AeadAlgorithm.Aes128Gcm));
        sender.SequenceNumber = receiver.SequenceNumber = ulong.MaxValue - 1;
        var last = Seal(sender);
        Assert.True(receiver.TryOpen(_associatedData, last, new byte[_plaintext.Length]));
        Assert.Throws<InvalidOperationException>(() => Seal(sender));
        Assert.False(receiver.TryOpen(_associatedData, last, new byte[_plaintext.Length]));
    }

    [Fact]
    public void Each_side_keeps_to_its_role()
    {
        var (sender, receiver) = Contexts(new HpkeSuite(CryptoProvider.Default, KemAlgorithm.DhkemX25519, HashAlgorithm.Sha256, AeadAlgorithm.Aes128Gcm));
        Assert.Throws<InvalidOperationException>(() => Seal(receiver));
        Assert.Throws<InvalidOperationException>(() => sender.TryOpen([], new byte[20], new byte[4]));
    }

    [Fact]
    public void An_export_only_suite_exports_only()
    {
        var suite = new HpkeSuite(CryptoProvider.Default, KemAlgorithm.DhkemX25519, HashAlgorithm.Sha256);
        Assert.Null(suite.Aead);
        var (sender, receiver) = Contexts(suite);
        var (a, b) = (new byte[100], new byte[100]);
        sender.Export("context"u8, a);
        receiver.Export("context"u8, b);
        Assert.Equal(a, b);
        sender.Export("other"u8, b);
        Assert.NotEqual(a, b);
        Assert.Throws<InvalidOperationException>(() => Seal(sender));
        Assert.Throws<InvalidOperationException>(() => receiver.TryOpen([], new byte[20], new byte[4]));
        Assert.Throws<InvalidOperationException>(() => Seal(suite, KemKeyPair.Generate(suite.Kem, new SeededRandom(10)).Public, new SeededRandom(11)));
        sender.Export([], new byte[255 * 32]);
        Assert.Throws<ArgumentException>(() => sender.Export([], new byte[(255 * 32) + 1]));
    }

    [Fact]
    public void Without_the_same_key_beforehand_nothing_opens()
    {
        var suite = new HpkeSuite(CryptoProvider.Default, KemAlgorithm.DhkemX25519, HashAlgorithm.Sha256, AeadAlgorithm.Aes128Gcm);
        var random = new SeededRandom(5);
        var pair = KemKeyPair.Generate(suite.Kem, random);
        var (key, otherKey) = (random.Bytes(32), random.Bytes(32));
        var encapsulation = new byte[suite.Kem.EncapsulationSize];
        Assert.True(suite.TrySetupSender(pair.Public, _info, random, encapsulation, out var sender, new HpkePsk(key, "id"u8)));
        var ciphertext = Seal(sender);
        Assert.True(Opens(new HpkePsk(key, "id"u8)));
        Assert.False(Opens(new HpkePsk(otherKey, "id"u8)));
        Assert.False(Opens(new HpkePsk(key, "other id"u8)));
        Assert.False(Opens(default));

        bool Opens(HpkePsk psk)
        {
            Assert.True(suite.TrySetupReceiver(pair.Private, encapsulation, _info, out var receiver, psk));
            using (receiver)
            {
                return receiver.TryOpen(_associatedData, ciphertext, new byte[_plaintext.Length]);
            }
        }
    }

    [Fact]
    public void A_short_or_nameless_psk_is_the_callers_bug()
    {
        Assert.Throws<ArgumentException>(() => new HpkePsk(new byte[31], "id"u8).IsEmpty);
        Assert.Throws<ArgumentException>(() => new HpkePsk(new byte[32], []).IsEmpty);
        Assert.True(default(HpkePsk).IsEmpty);
    }

    [Fact]
    public void A_disposed_context_is_not_used()
    {
        var (sender, receiver) = Contexts(new HpkeSuite(CryptoProvider.Default, KemAlgorithm.DhkemX25519, HashAlgorithm.Sha256, AeadAlgorithm.Aes128Gcm));
        sender.Dispose();
        receiver.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Seal(sender));
        Assert.Throws<ObjectDisposedException>(() => receiver.Export([], new byte[32]));
    }

    private static (HpkeContext Sender, HpkeContext Receiver) Contexts(HpkeSuite suite)
    {
        var random = new SeededRandom(6);
        var pair = KemKeyPair.Generate(suite.Kem, random);
        var encapsulation = new byte[suite.Kem.EncapsulationSize];
        Assert.True(suite.TrySetupSender(pair.Public, _info, random, encapsulation, out var sender));
        Assert.True(suite.TrySetupReceiver(pair.Private, encapsulation, _info, out var receiver));
        return (sender, receiver);
    }

    private static byte[] Seal(HpkeContext sender)
    {
        var ciphertext = new byte[_plaintext.Length + AeadKey.TagSize];
        sender.Seal(_associatedData, _plaintext, ciphertext);
        return ciphertext;
    }

    private static (byte[] Encapsulation, byte[] Ciphertext) Seal(HpkeSuite suite, byte[] publicKey, SeededRandom random)
    {
        var encapsulation = new byte[suite.Kem.EncapsulationSize];
        var ciphertext = new byte[_plaintext.Length + AeadKey.TagSize];
        Assert.True(suite.TrySeal(publicKey, _info, _associatedData, _plaintext, random, encapsulation, ciphertext));
        return (encapsulation, ciphertext);
    }

    private static byte[] Changed(byte[] bytes)
    {
        var copy = (byte[])bytes.Clone();
        copy[^1] ^= 1;
        return copy;
    }
}
