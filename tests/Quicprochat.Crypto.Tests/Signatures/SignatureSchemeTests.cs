using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Crypto.Tests.Signatures;

/// <summary>What every signature scheme of every back end must do.</summary>
public sealed class SignatureSchemeTests
{
    public static TheoryData<string, SignatureAlgorithm> Signatures() => Backend.Signatures();

    [Theory]
    [MemberData(nameof(Signatures))]
    public void What_was_signed_verifies(string backend, SignatureAlgorithm algorithm)
    {
        var scheme = Backend.Get(backend).Signature(algorithm);
        var random = new SeededRandom(1);
        Assert.Equal(algorithm, scheme.Algorithm);
        Assert.Same(scheme, Backend.Get(backend).Signature(algorithm));
        foreach (var length in new[] { 0, 1, 100, 5000 })
        {
            var pair = Generate(scheme, random);
            var message = random.Bytes(length);
            Assert.True(scheme.Verify(pair.Public, message, Sign(scheme, pair.Private, message)));
            Assert.True(scheme.IsValidPublicKey(pair.Public));

            var again = new byte[scheme.PublicKeySize];
            Assert.True(scheme.TryGetPublicKey(pair.Private, again));
            Assert.Equal(pair.Public, again);
        }
    }

    [Theory]
    [MemberData(nameof(Signatures))]
    public void A_changed_signature_message_or_key_does_not_verify(string backend, SignatureAlgorithm algorithm)
    {
        var scheme = Backend.Get(backend).Signature(algorithm);
        var random = new SeededRandom(2);
        var (pair, other) = (Generate(scheme, random), Generate(scheme, random));
        var message = random.Bytes(50);
        var signature = Sign(scheme, pair.Private, message);
        Assert.False(scheme.Verify(other.Public, message, signature));
        for (var i = 0; i < signature.Length; i += 3)
        {
            Assert.False(scheme.Verify(pair.Public, message, Flip(signature, i)));
        }

        foreach (var index in new[] { 0, 25, 49 })
        {
            Assert.False(scheme.Verify(pair.Public, Flip(message, index), signature));
        }

        for (var i = 0; i < pair.Public.Length; i += 7)
        {
            Assert.False(scheme.Verify(Flip(pair.Public, i), message, signature));
        }
    }

    [Theory]
    [MemberData(nameof(Signatures))]
    public void A_key_or_signature_of_another_length_is_refused(string backend, SignatureAlgorithm algorithm)
    {
        var scheme = Backend.Get(backend).Signature(algorithm);
        var pair = Generate(scheme, new SeededRandom(3));
        var signature = Sign(scheme, pair.Private, [1, 2, 3]);
        foreach (var wrong in new byte[][] { [], [0x30], [0x04], signature[1..], signature[..^1], [.. signature, 0], [.. signature, .. signature] })
        {
            Assert.False(scheme.Verify(pair.Public, [1, 2, 3], wrong));
        }

        foreach (var wrong in new byte[][] { [], [0x04], pair.Public[1..], pair.Public[..^1], [.. pair.Public, 0] })
        {
            Assert.False(scheme.Verify(wrong, [1, 2, 3], signature));
            Assert.False(scheme.IsValidPublicKey(wrong));
        }
    }

    [Theory]
    [MemberData(nameof(Signatures))]
    public void Junk_is_refused_and_never_throws(string backend, SignatureAlgorithm algorithm)
    {
        var scheme = Backend.Get(backend).Signature(algorithm);
        var random = new SeededRandom(4);
        var pair = Generate(scheme, random);
        for (var i = 0; i < 300; i++)
        {
            Assert.False(scheme.Verify(random.Bytes(scheme.PublicKeySize), [1], random.Bytes(scheme.SignatureSizeMax)));
            Assert.False(scheme.Verify(pair.Public, [1], random.Bytes(random.Next(scheme.SignatureSizeMax + 20))));
        }
    }

    [Theory]
    [MemberData(nameof(Signatures))]
    public void A_length_the_caller_chose_wrongly_throws(string backend, SignatureAlgorithm algorithm)
    {
        var scheme = Backend.Get(backend).Signature(algorithm);
        var random = new SeededRandom(5);
        var pair = Generate(scheme, random);
        Assert.Throws<ArgumentException>(() => scheme.GenerateKeyPair(random, new byte[scheme.PrivateKeySize + 1], new byte[scheme.PublicKeySize]));
        Assert.Throws<ArgumentException>(() => scheme.GenerateKeyPair(random, new byte[scheme.PrivateKeySize], new byte[scheme.PublicKeySize + 1]));
        Assert.Throws<ArgumentException>(() => scheme.TryGetPublicKey(pair.Private, new byte[scheme.PublicKeySize - 1]));
        Assert.Throws<ArgumentException>(() => scheme.Sign(pair.Private, [], new byte[scheme.SignatureSizeMax - 1]));
        Assert.Throws<ArgumentException>(() => scheme.Sign(pair.Private.AsSpan(1), [], new byte[scheme.SignatureSizeMax]));
        Assert.False(scheme.TryGetPublicKey(pair.Private.AsSpan(1), new byte[scheme.PublicKeySize]));

        // A larger destination is welcome, and only the signature's bytes of it are written.
        var large = new byte[scheme.SignatureSizeMax + 10];
        var length = scheme.Sign(pair.Private, [7], large);
        Assert.True(scheme.Verify(pair.Public, [7], large.AsSpan(0, length)));
        Assert.Equal(new byte[10], large[^10..]);
    }

    [Theory]
    [InlineData(SignatureAlgorithm.EcdsaP256Sha256, 200)]
    [InlineData(SignatureAlgorithm.EcdsaP384Sha384, 20)]
    [InlineData(SignatureAlgorithm.EcdsaP521Sha512, 20)]
    [InlineData(SignatureAlgorithm.Ed25519, 1000)]
    [InlineData(SignatureAlgorithm.Ed448, 20)]
    public void Native_and_managed_agree(SignatureAlgorithm algorithm, int count)
    {
        var (native, managed) = (Backend.Get("Native").Signature(algorithm), CryptoProvider.Managed.Signature(algorithm));
        var random = new SeededRandom(6);
        for (var i = 0; i < count; i++)
        {
            var pair = Generate(native, random);
            var publicKey = new byte[managed.PublicKeySize];
            Assert.True(managed.TryGetPublicKey(pair.Private, publicKey));
            Assert.Equal(pair.Public, publicKey);

            var message = random.Bytes(random.Next(200));
            var (one, other) = (Sign(native, pair.Private, message), Sign(managed, pair.Private, message));
            Assert.True(native.Verify(pair.Public, message, other));
            Assert.True(managed.Verify(pair.Public, message, one));
            if (algorithm is SignatureAlgorithm.Ed25519 or SignatureAlgorithm.Ed448)
            {
                Assert.Equal(one, other);
            }

            var changed = Flip(one, random.Next(one.Length));
            Assert.Equal(native.Verify(pair.Public, message, changed), managed.Verify(pair.Public, message, changed));
        }
    }

    internal static (byte[] Private, byte[] Public) Generate(SignatureScheme scheme, IRandomSource random)
    {
        var pair = (Private: new byte[scheme.PrivateKeySize], Public: new byte[scheme.PublicKeySize]);
        scheme.GenerateKeyPair(random, pair.Private, pair.Public);
        return pair;
    }

    internal static byte[] Sign(SignatureScheme scheme, byte[] privateKey, byte[] message)
    {
        var signature = new byte[scheme.SignatureSizeMax];
        return signature[..scheme.Sign(privateKey, message, signature)];
    }

    private static byte[] Flip(byte[] bytes, int index)
    {
        var copy = (byte[])bytes.Clone();
        copy[index] ^= 0x01;
        return copy;
    }
}
