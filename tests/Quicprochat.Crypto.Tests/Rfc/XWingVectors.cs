using Quicprochat.Crypto.Kem;
using Quicprochat.Crypto.Tests.Kem;

namespace Quicprochat.Crypto.Tests.Rfc;

/// <summary>The vectors of draft-connolly-cfrg-xwing-kem.</summary>
public sealed class XWingVectors
{
    public static TheoryData<string> Backends() => Backend.All();

    [Theory]
    [MemberData(nameof(Backends))]
    public void Every_vector_is_reproduced(string backend)
    {
        var kem = Backend.Get(backend).Kem(KemAlgorithm.MlKem768X25519);
        var vectors = Vectors.Load("mls-pq/xwing-test-vectors.json");
        Assert.Equal(3, vectors.GetArrayLength());
        foreach (var vector in vectors.EnumerateArray())
        {
            var publicKey = new byte[kem.PublicKeySize];
            Assert.Equal(vector.Hex("seed"), vector.Hex("sk"));
            Assert.True(kem.TryGetPublicKey(vector.Hex("sk"), publicKey));
            Assert.Equal(vector.Hex("pk"), publicKey);

            var random = new FixedRandom(vector.Hex("eseed"));
            var (encapsulation, secret) = KeyEncapsulationTests.Encapsulate(kem, publicKey, random);
            Assert.Equal(0, random.Left);
            Assert.Equal(vector.Hex("ct"), encapsulation);
            Assert.Equal(vector.Hex("ss"), secret);

            var recovered = new byte[kem.SharedSecretSize];
            Assert.True(kem.TryDecapsulate(vector.Hex("sk"), encapsulation, recovered));
            Assert.Equal(vector.Hex("ss"), recovered);
        }
    }
}
