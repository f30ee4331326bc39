using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Kem;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Crypto.Tests;

public sealed class CryptoProviderTests
{
    public static TheoryData<string> Backends() => Backend.All();

    [Fact]
    public void The_default_is_native_where_that_loads() =>
        Assert.Same(NativeProvider.Instance is null ? CryptoProvider.Managed : CryptoProvider.Native, CryptoProvider.Default);

    [Theory]
    [MemberData(nameof(Backends))]
    public void An_algorithm_that_does_not_exist_is_the_callers_bug(string backend)
    {
        var provider = Backend.Get(backend);
        Assert.Throws<ArgumentOutOfRangeException>(() => provider.Hash((HashAlgorithm)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => provider.CreateAeadKey((AeadAlgorithm)99, new byte[32]));
        Assert.Throws<ArgumentOutOfRangeException>(() => provider.CreateHeaderProtectionKey((AeadAlgorithm)99, new byte[32]));
        Assert.Throws<ArgumentOutOfRangeException>(() => provider.Agreement((KeyAgreementAlgorithm)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => provider.Kem((KemAlgorithm)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => provider.Signature((SignatureAlgorithm)99));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Shared_instances_serve_many_threads(string backend)
    {
        var provider = Backend.Get(backend);
        var kem = provider.Kem(KemAlgorithm.MlKem768P256);
        var scheme = provider.Signature(SignatureAlgorithm.EcdsaP256Sha256);
        var failures = 0;
        var threads = Enumerable.Range(0, 4).Select(seed => new Thread(() =>
        {
            var random = new SeededRandom(seed);
            for (var i = 0; i < 10; i++)
            {
                var (privateKey, publicKey) = (new byte[kem.PrivateKeySize], new byte[kem.PublicKeySize]);
                var (encapsulation, sent, received) = (new byte[kem.EncapsulationSize], new byte[kem.SharedSecretSize], new byte[kem.SharedSecretSize]);
                kem.GenerateKeyPair(random, privateKey, publicKey);
                var signer = (Private: new byte[scheme.PrivateKeySize], Public: new byte[scheme.PublicKeySize]);
                scheme.GenerateKeyPair(random, signer.Private, signer.Public);
                var signature = new byte[scheme.SignatureSizeMax];
                var length = scheme.Sign(signer.Private, publicKey, signature);
                var worked = kem.TryEncapsulate(publicKey, random, encapsulation, sent)
                    && kem.TryDecapsulate(privateKey, encapsulation, received)
                    && sent.AsSpan().SequenceEqual(received)
                    && scheme.Verify(signer.Public, publicKey, signature.AsSpan(0, length));
                Interlocked.Add(ref failures, worked ? 0 : 1);
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(0, failures);
    }
}
