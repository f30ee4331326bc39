using NSec.Cryptography;
using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Signatures;
using AeadAlgorithm = Quicprochat.Crypto.Aead.AeadAlgorithm;
using KeyAgreementAlgorithm = Quicprochat.Crypto.Agreement.KeyAgreementAlgorithm;
using SignatureAlgorithm = Quicprochat.Crypto.Signatures.SignatureAlgorithm;

namespace Quicprochat.Crypto.Tests;

/// <summary>NSec as a third opinion on the algorithms that it has.</summary>
public sealed class ThirdOpinionTests
{
    public static TheoryData<string> Backends() => Backend.All();

    [Theory]
    [MemberData(nameof(Backends))]
    public void Ed25519_is_as_NSec_has_it(string backend)
    {
        var scheme = Backend.Get(backend).Signature(SignatureAlgorithm.Ed25519);
        var random = new SeededRandom(1);
        for (var i = 0; i < 100; i++)
        {
            var seed = random.Bytes(32);
            var message = random.Bytes(i);
            using var key = Key.Import(NSec.Cryptography.SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey);
            var signature = new byte[64];
            Assert.Equal(64, scheme.Sign(seed, message, signature));
            Assert.Equal(NSec.Cryptography.SignatureAlgorithm.Ed25519.Sign(key, message), signature);
            Assert.True(scheme.Verify(key.PublicKey.Export(KeyBlobFormat.RawPublicKey), message, signature));
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void ChaCha20Poly1305_is_as_NSec_has_it(string backend)
    {
        var random = new SeededRandom(2);
        for (var i = 0; i < 100; i++)
        {
            var (secret, nonce, associatedData, plaintext) = (random.Bytes(32), random.Bytes(12), random.Bytes(i), random.Bytes(2 * i));
            using var key = Backend.Get(backend).CreateAeadKey(AeadAlgorithm.ChaCha20Poly1305, secret);
            using var imported = Key.Import(NSec.Cryptography.AeadAlgorithm.ChaCha20Poly1305, secret, KeyBlobFormat.RawSymmetricKey);
            var @sealed = new byte[plaintext.Length + AeadKey.TagSize];
            key.Seal(nonce, plaintext, associatedData, @sealed);
            Assert.Equal(NSec.Cryptography.AeadAlgorithm.ChaCha20Poly1305.Encrypt(imported, nonce, associatedData, plaintext), @sealed);
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void X25519_is_as_NSec_has_it(string backend)
    {
        var agreement = Backend.Get(backend).Agreement(KeyAgreementAlgorithm.X25519);
        var random = new SeededRandom(3);
        for (var i = 0; i < 100; i++)
        {
            var (privateKey, peer) = (random.Bytes(32), random.Bytes(32));
            peer[31] &= 0x7f; // NSec refuses the bit that is to be ignored
            using var key = Key.Import(NSec.Cryptography.KeyAgreementAlgorithm.X25519, privateKey, KeyBlobFormat.RawPrivateKey);
            var peerKey = PublicKey.Import(NSec.Cryptography.KeyAgreementAlgorithm.X25519, peer, KeyBlobFormat.RawPublicKey);
            var parameters = new SharedSecretCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
            using var expected = NSec.Cryptography.KeyAgreementAlgorithm.X25519.Agree(key, peerKey, parameters);
            var secret = new byte[32];
            Assert.True(agreement.TryAgree(privateKey, peer, secret));
            Assert.Equal(expected!.Export(SharedSecretBlobFormat.RawSharedSecret), secret);
        }
    }
}
