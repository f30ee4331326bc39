using Quicprochat.Crypto.Agreement;

namespace Quicprochat.Crypto.Tests.Rfc;

/// <summary>RFC 7748 §5.2 and §6.</summary>
public sealed class Rfc7748Vectors
{
    public static TheoryData<string> Backends() => Backend.All();

    [Theory]
    [MemberData(nameof(Backends))]
    public void X25519_of_section_5_2(string backend)
    {
        var agreement = Backend.Get(backend).Agreement(KeyAgreementAlgorithm.X25519);
        Agrees(
            agreement,
            "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
            "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");

        // This u has its top bit set, which is to be ignored.
        Agrees(
            agreement,
            "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
            "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
            "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void X25519_iterated_a_thousand_times(string backend)
    {
        var agreement = Backend.Get(backend).Agreement(KeyAgreementAlgorithm.X25519);
        var k = new byte[32];
        k[0] = 9;
        var u = (byte[])k.Clone();
        for (var i = 1; i <= 1000; i++)
        {
            var product = new byte[32];
            Assert.True(agreement.TryAgree(k, u, product));
            (k, u) = (product, k);
            if (i == 1)
            {
                Assert.Equal(Convert.FromHexString("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"), k);
            }
        }

        Assert.Equal(Convert.FromHexString("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"), k);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void X25519_of_section_6_1(string backend) => Exchange(
        Backend.Get(backend).Agreement(KeyAgreementAlgorithm.X25519),
        ("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a", "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"),
        ("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb", "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"),
        "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");

    [Theory]
    [MemberData(nameof(Backends))]
    public void X448_of_section_6_2(string backend) => Exchange(
        Backend.Get(backend).Agreement(KeyAgreementAlgorithm.X448),
        ("9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28dd9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b",
            "9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c22c5d9bbc836647241d953d40c5b12da88120d53177f80e532c41fa0"),
        ("1c306a7ac2a0e2e0990b294470cba339e6453772b075811d8fad0d1d6927c120bb5ee8972b0d3e21374c9c921b09d1b0366f10b65173992d",
            "3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b43027d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609"),
        "07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282bb60c0b56fd2464c335543936521c24403085d59a449a5037514a879d");

    private static void Exchange(KeyAgreement agreement, (string Private, string Public) alice, (string Private, string Public) bob, string secret)
    {
        var publicKey = new byte[agreement.PublicKeySize];
        Assert.True(agreement.TryGetPublicKey(Convert.FromHexString(alice.Private), publicKey));
        Assert.Equal(Convert.FromHexString(alice.Public), publicKey);
        Agrees(agreement, alice.Private, bob.Public, secret);
        Agrees(agreement, bob.Private, alice.Public, secret);
    }

    private static void Agrees(KeyAgreement agreement, string scalar, string u, string product)
    {
        var secret = new byte[agreement.SharedSecretSize];
        Assert.True(agreement.TryAgree(Convert.FromHexString(scalar), Convert.FromHexString(u), secret));
        Assert.Equal(Convert.FromHexString(product), secret);
    }
}
