using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Crypto.Tests.Signatures;

/// <summary>Ed448 is one implementation in both back ends; what it must refuse it refuses in both.</summary>
public sealed class Ed448StrictnessTests
{
    // The base point (RFC 8032 §5.2), which is the signature's R for S = 1 whatever the message, if the key's point vanishes when multiplied.
    private const string BasePoint = "14fa30f25b790898adc8d74e2c13bdfdc4397ce61cffd33ad7c2a0051e9c78874098a36c7373ea4b62c7c9563720768824bcb66e71463f6900";

    public static TheoryData<string> Backends() => Backend.All();

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_key_of_small_order_is_refused(string backend)
    {
        var scheme = Backend.Get(backend).Signature(SignatureAlgorithm.Ed448);
        byte[] signature = [.. Convert.FromHexString(BasePoint), 1, .. new byte[56]];
        Assert.True(scheme.IsValidPublicKey(Convert.FromHexString(BasePoint)));
        foreach (var key in SmallOrder())
        {
            Assert.False(scheme.IsValidPublicKey(key));
            for (byte message = 0; message < 16; message++)
            {
                Assert.False(scheme.Verify(key, [message], signature));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void R_of_small_order_is_refused(string backend)
    {
        var scheme = Backend.Get(backend).Signature(SignatureAlgorithm.Ed448);
        var pair = SignatureSchemeTests.Generate(scheme, new SeededRandom(1));
        foreach (var point in SmallOrder())
        {
            Assert.False(scheme.Verify(pair.Public, [1], [.. point, .. new byte[57]]));
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void S_plus_the_order_is_refused(string backend)
    {
        var scheme = Backend.Get(backend).Signature(SignatureAlgorithm.Ed448);
        var pair = SignatureSchemeTests.Generate(scheme, new SeededRandom(2));
        var signature = SignatureSchemeTests.Sign(scheme, pair.Private, [1]);
        Assert.True(scheme.Verify(pair.Public, [1], signature));
        var order = Convert.FromHexString("f34458ab92c27823558fc58d72c26c219036d6ae49db4ec4e923ca7cffffffffffffffffffffffffffffffffffffffffffffffffffffff3f00");
        var carry = 0;
        for (var i = 0; i < order.Length; i++)
        {
            carry += signature[57 + i] + order[i];
            signature[57 + i] = (byte)carry;
            carry >>= 8;
        }

        Assert.False(scheme.Verify(pair.Public, [1], signature));
    }

    private static IEnumerable<byte[]> SmallOrder()
    {
        var prime = new byte[57];
        Array.Fill(prime, (byte)0xff, 0, 56);
        prime[28] = 0xfe;
        byte[] minusOne = [0xfe, .. prime.AsSpan(1)];
        byte[] one = [1, .. new byte[56]];
        foreach (var y in new[] { new byte[57], one, minusOne, prime })
        {
            yield return y;
            yield return [.. y.AsSpan(0, 56), 0x80];
        }
    }
}
