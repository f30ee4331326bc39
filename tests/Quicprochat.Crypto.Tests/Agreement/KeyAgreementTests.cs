using System.Numerics;
using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Nist;

namespace Quicprochat.Crypto.Tests.Agreement;

/// <summary>What every group of every back end must do.</summary>
public sealed class KeyAgreementTests
{
    public static TheoryData<string, KeyAgreementAlgorithm> Agreements() => Backend.Agreements();

    public static TheoryData<string, KeyAgreementAlgorithm> NistAgreements()
    {
        var rows = new TheoryData<string, KeyAgreementAlgorithm>();
        foreach (var backend in Backend.Names)
        {
            rows.Add(backend, KeyAgreementAlgorithm.P256);
            rows.Add(backend, KeyAgreementAlgorithm.P384);
            rows.Add(backend, KeyAgreementAlgorithm.P521);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Agreements))]
    public void Both_sides_agree(string backend, KeyAgreementAlgorithm algorithm)
    {
        var agreement = Backend.Get(backend).Agreement(algorithm);
        var random = new SeededRandom(1);
        Assert.Equal(algorithm, agreement.Algorithm);
        for (var i = 0; i < 3; i++)
        {
            var (alice, bob) = (Generate(agreement, random), Generate(agreement, random));
            Assert.NotEqual(alice.Public, bob.Public);
            Assert.True(agreement.IsValidPublicKey(alice.Public));
            Assert.Equal(Agree(agreement, alice.Private, bob.Public), Agree(agreement, bob.Private, alice.Public));

            var again = new byte[agreement.PublicKeySize];
            Assert.True(agreement.TryGetPublicKey(alice.Private, again));
            Assert.Equal(alice.Public, again);
        }
    }

    [Theory]
    [MemberData(nameof(Agreements))]
    public void A_key_pair_is_a_function_of_the_randomness(string backend, KeyAgreementAlgorithm algorithm)
    {
        var agreement = Backend.Get(backend).Agreement(algorithm);
        Assert.Equal(Generate(agreement, new SeededRandom(5)).Private, Generate(agreement, new SeededRandom(5)).Private);
        Assert.NotEqual(Generate(agreement, new SeededRandom(5)).Private, Generate(agreement, new SeededRandom(6)).Private);
    }

    [Theory]
    [MemberData(nameof(Agreements))]
    public void A_peers_key_of_another_length_is_refused(string backend, KeyAgreementAlgorithm algorithm)
    {
        var agreement = Backend.Get(backend).Agreement(algorithm);
        var pair = Generate(agreement, new SeededRandom(2));
        foreach (var length in new[] { 0, 1, agreement.PublicKeySize - 1, agreement.PublicKeySize + 1 })
        {
            var wrong = new byte[length];
            pair.Public.AsSpan(0, Math.Min(length, pair.Public.Length)).CopyTo(wrong);
            Refuses(agreement, pair.Private, wrong);
        }
    }

    [Theory]
    [MemberData(nameof(Agreements))]
    public void A_length_the_caller_chose_wrongly_throws(string backend, KeyAgreementAlgorithm algorithm)
    {
        var agreement = Backend.Get(backend).Agreement(algorithm);
        var pair = Generate(agreement, new SeededRandom(3));
        var random = new SeededRandom(3);
        Assert.Throws<ArgumentException>(() => agreement.GenerateKeyPair(random, new byte[agreement.PrivateKeySize + 1], new byte[agreement.PublicKeySize]));
        Assert.Throws<ArgumentException>(() => agreement.GenerateKeyPair(random, new byte[agreement.PrivateKeySize], new byte[agreement.PublicKeySize - 1]));
        Assert.Throws<ArgumentException>(() => agreement.TryGetPublicKey(pair.Private, new byte[agreement.PublicKeySize + 1]));
        Assert.Throws<ArgumentException>(() => agreement.TryAgree(pair.Private, pair.Public, new byte[agreement.SharedSecretSize - 1]));
        Assert.Throws<ArgumentException>(() => agreement.TryAgree(pair.Private.AsSpan(1), pair.Public, new byte[agreement.SharedSecretSize]));
        Assert.False(agreement.TryGetPublicKey(pair.Private.AsSpan(1), new byte[agreement.PublicKeySize]));
    }

    [Theory]
    [MemberData(nameof(NistAgreements))]
    public void Points_off_the_curve_and_other_encodings_are_refused(string backend, KeyAgreementAlgorithm algorithm)
    {
        var agreement = Backend.Get(backend).Agreement(algorithm);
        var random = new SeededRandom(4);
        var pair = Generate(agreement, random);
        for (var i = 1; i < pair.Public.Length; i += 5)
        {
            var off = (byte[])pair.Public.Clone();
            off[i] ^= 0x01;
            Refuses(agreement, pair.Private, off);
        }

        foreach (var form in new byte[] { 0x00, 0x02, 0x03, 0x05, 0x06, 0x07, 0xff })
        {
            var other = (byte[])pair.Public.Clone();
            other[0] = form;
            Refuses(agreement, pair.Private, other);
        }

        var size = agreement.PrivateKeySize;
        Refuses(agreement, pair.Private, [(byte)(2 + (pair.Public[^1] & 1)), .. pair.Public.AsSpan(1, size)]);
        Refuses(agreement, pair.Private, [0x00]);
        Refuses(agreement, pair.Private, [0x04, .. new byte[2 * size]]);
        Refuses(agreement, pair.Private, [.. Enumerable.Repeat((byte)0xff, pair.Public.Length)]);
    }

    [Theory]
    [MemberData(nameof(NistAgreements))]
    public void A_coordinate_that_is_not_reduced_is_refused(string backend, KeyAgreementAlgorithm algorithm)
    {
        var agreement = Backend.Get(backend).Agreement(algorithm);

        // Of small x there is a point nearly at once; x + p then fits the field's bytes and names the same point.
        var curve = ((NistAgreement)agreement).Curve;
        var prime = new BigInteger(curve.Domain.Curve.Field.Characteristic.ToByteArrayUnsigned(), isUnsigned: true, isBigEndian: true);
        var pair = Generate(agreement, new SeededRandom(5));
        var (x, y) = SmallPoint(curve, prime);
        var reduced = Encode(curve, x, y);
        Assert.True(agreement.IsValidPublicKey(reduced));
        Refuses(agreement, pair.Private, Encode(curve, x + prime, y));
        if ((y + prime).GetByteCount(isUnsigned: true) <= curve.ScalarSize)
        {
            Refuses(agreement, pair.Private, Encode(curve, x, y + prime));
        }
    }

    [Theory]
    [MemberData(nameof(NistAgreements))]
    public void Private_keys_out_of_range_are_refused(string backend, KeyAgreementAlgorithm algorithm)
    {
        var agreement = Backend.Get(backend).Agreement(algorithm);
        var curve = ((NistAgreement)agreement).Curve;
        var order = new BigInteger(curve.Domain.N.ToByteArrayUnsigned(), isUnsigned: true, isBigEndian: true);
        var peer = Generate(agreement, new SeededRandom(6)).Public;
        foreach (var (scalar, valid) in new[] { (BigInteger.Zero, false), (BigInteger.One, true), (order - 1, true), (order, false), (order + 1, false) })
        {
            var privateKey = Scalar(curve, scalar);
            Assert.Equal(valid, agreement.TryGetPublicKey(privateKey, new byte[agreement.PublicKeySize]));
            Assert.Equal(valid, agreement.TryAgree(privateKey, peer, new byte[agreement.SharedSecretSize]));
        }

        var largest = new byte[agreement.PrivateKeySize];
        Array.Fill(largest, (byte)0xff);
        Assert.False(agreement.TryGetPublicKey(largest, new byte[agreement.PublicKeySize]));

        // 1 times the peer's point is its x, n - 1 times as well.
        var x = peer.AsSpan(1, curve.ScalarSize).ToArray();
        Assert.Equal(x, Agree(agreement, Scalar(curve, BigInteger.One), peer));
        Assert.Equal(x, Agree(agreement, Scalar(curve, order - 1), peer));
    }

    [Theory]
    [InlineData("Native")]
    [InlineData("Managed")]
    public void Small_order_coordinates_are_refused_and_only_they(string backend)
    {
        foreach (var algorithm in new[] { KeyAgreementAlgorithm.X25519, KeyAgreementAlgorithm.X448 })
        {
            var agreement = Backend.Get(backend).Agreement(algorithm);
            var pair = Generate(agreement, new SeededRandom(7));
            var small = algorithm == KeyAgreementAlgorithm.X25519 ? SmallOrder25519() : SmallOrder448();
            foreach (var u in small)
            {
                Refuses(agreement, pair.Private, u);
            }

            // Their neighbours are of large order: the check must not be wider than the set.
            foreach (var u in small)
            {
                foreach (var index in new[] { 1, u.Length / 2, u.Length - 2 })
                {
                    var neighbour = (byte[])u.Clone();
                    neighbour[index] ^= 0x10;
                    Assert.True(agreement.IsValidPublicKey(neighbour));
                    Assert.True(agreement.TryAgree(pair.Private, neighbour, new byte[agreement.SharedSecretSize]));
                }
            }
        }
    }

    [Fact]
    public void Native_and_managed_agree()
    {
        var random = new SeededRandom(8);
        foreach (var (algorithm, count) in new[]
        {
            (KeyAgreementAlgorithm.X25519, 1000), (KeyAgreementAlgorithm.P256, 200), (KeyAgreementAlgorithm.P384, 20), (KeyAgreementAlgorithm.P521, 20),
        })
        {
            var (native, managed) = (Backend.Get("Native").Agreement(algorithm), CryptoProvider.Managed.Agreement(algorithm));
            var peer = Generate(native, random);
            for (var i = 0; i < count; i++)
            {
                var pair = Generate(native, random);
                var publicKey = new byte[managed.PublicKeySize];
                Assert.True(managed.TryGetPublicKey(pair.Private, publicKey));
                Assert.Equal(pair.Public, publicKey);
                Assert.Equal(Agree(native, pair.Private, peer.Public), Agree(managed, pair.Private, peer.Public));
                peer = pair;
            }
        }
    }

    [Fact]
    public void Native_and_managed_agree_on_arbitrary_coordinates()
    {
        var random = new SeededRandom(9);
        var (native, managed) = (Backend.Get("Native").Agreement(KeyAgreementAlgorithm.X25519), CryptoProvider.Managed.Agreement(KeyAgreementAlgorithm.X25519));
        for (var i = 0; i < 1000; i++)
        {
            var (scalar, u) = (random.Bytes(32), random.Bytes(32));
            if (i % 10 == 0)
            {
                // Not reduced: 2^255 - 19 + n.
                Array.Fill(u, (byte)0xff);
                u[0] = (byte)(0xef + random.Next(17));
            }

            Assert.Equal(Agree(native, scalar, u), Agree(managed, scalar, u));
        }
    }

    internal static (byte[] Private, byte[] Public) Generate(KeyAgreement agreement, IRandomSource random)
    {
        var pair = (Private: new byte[agreement.PrivateKeySize], Public: new byte[agreement.PublicKeySize]);
        agreement.GenerateKeyPair(random, pair.Private, pair.Public);
        return pair;
    }

    private static byte[] Agree(KeyAgreement agreement, byte[] privateKey, byte[] publicKey)
    {
        var secret = new byte[agreement.SharedSecretSize];
        Assert.True(agreement.TryAgree(privateKey, publicKey, secret));
        return secret;
    }

    private static void Refuses(KeyAgreement agreement, byte[] privateKey, byte[] publicKey)
    {
        var secret = new byte[agreement.SharedSecretSize];
        Array.Fill(secret, (byte)0xaa);
        Assert.False(agreement.IsValidPublicKey(publicKey));
        Assert.False(agreement.TryAgree(privateKey, publicKey, secret));
        Assert.Equal(new byte[secret.Length], secret);
    }

    private static (BigInteger X, BigInteger Y) SmallPoint(NistCurve curve, BigInteger prime)
    {
        var b = new BigInteger(curve.Domain.Curve.B.ToBigInteger().ToByteArrayUnsigned(), isUnsigned: true, isBigEndian: true);
        for (BigInteger x = 1; ; x++)
        {
            // p is 3 mod 4 for all three curves, so that a square's root is its (p+1)/4-th power.
            var square = ((x * x * x) - (3 * x) + b) % prime;
            square = (square + prime) % prime;
            var y = BigInteger.ModPow(square, (prime + 1) / 4, prime);
            if (y * y % prime == square)
            {
                return (x, y);
            }
        }
    }

    private static byte[] Encode(NistCurve curve, BigInteger x, BigInteger y) => [0x04, .. Scalar(curve, x), .. Scalar(curve, y)];

    private static byte[] Scalar(NistCurve curve, BigInteger value)
    {
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[curve.ScalarSize - bytes.Length], .. bytes];
    }

    private static byte[][] SmallOrder25519()
    {
        string[] coordinates =
        [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ];
        var all = coordinates.Select(Convert.FromHexString).ToList();

        // The same with the bit set that is to be ignored.
        all.AddRange([.. all.Select(u => (byte[])[.. u[..31], (byte)(u[31] | 0x80)])]);
        return [.. all];
    }

    private static byte[][] SmallOrder448()
    {
        var zero = new byte[56];
        var one = (byte[])zero.Clone();
        one[0] = 1;
        var prime = new byte[56];
        Array.Fill(prime, (byte)0xff);
        prime[28] = 0xfe;
        var minusOne = (byte[])prime.Clone();
        minusOne[0] = 0xfe;
        byte[] primePlusOne = [.. new byte[28], .. Enumerable.Repeat((byte)0xff, 28)];
        return [zero, one, minusOne, prime, primePlusOne];
    }
}
