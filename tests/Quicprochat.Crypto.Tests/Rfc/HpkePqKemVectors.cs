using System.Text.Json;
using Quicprochat.Crypto.Kem;
using Quicprochat.Crypto.Tests.Kem;

namespace Quicprochat.Crypto.Tests.Rfc;

/// <summary>The KEM half of the vectors of draft-ietf-hpke-pq: it does not depend on the KDF, so that every row applies.</summary>
public sealed class HpkePqKemVectors
{
    public static TheoryData<string, int> Rows()
    {
        var rows = new TheoryData<string, int>();
        foreach (var name in Backend.Names)
        {
            for (var row = 0; row < 13; row++)
            {
                rows.Add(name, row);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Keys_encapsulations_and_secrets_are_reproduced(string backend, int row)
    {
        var vectors = Vectors.Load("mls-pq/hpke-pq-test-vectors.json");
        Assert.Equal(13, vectors.GetArrayLength());
        Check(Backend.Get(backend), vectors[row]);
    }

    private static void Check(CryptoProvider provider, JsonElement vector)
    {
        var kem = provider.Kem((KemAlgorithm)vector.GetProperty("kem_id").GetInt32());
        var pair = KemKeyPair.Derive(kem, vector.Hex("ikmR"));
        Assert.Equal(vector.Hex("skRm"), kem.Algorithm == KemAlgorithm.DhkemX448 ? Clamp(pair.Private) : pair.Private);
        Assert.Equal(vector.Hex("pkRm"), pair.Public);

        var (encapsulation, secret) = KeyEncapsulationTests.Encapsulate(kem, pair.Public, new FixedRandom(vector.Hex("ikmE")));
        Assert.Equal(vector.Hex("enc"), encapsulation);
        Assert.Equal(vector.Hex("shared_secret"), secret);

        var recovered = new byte[kem.SharedSecretSize];
        Assert.True(kem.TryDecapsulate(pair.Private, vector.Hex("enc"), recovered));
        Assert.Equal(vector.Hex("shared_secret"), recovered);
    }

    // The draft's X448 key is printed clamped (RFC 7748 §5); its X25519 key, and those of RFC 9180, are not.
    private static byte[] Clamp(byte[] scalar)
    {
        scalar[0] &= 0xfc;
        scalar[55] |= 0x80;
        return scalar;
    }
}
