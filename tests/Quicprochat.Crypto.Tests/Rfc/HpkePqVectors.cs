using System.Text.Json;
using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Hpke;
using Quicprochat.Crypto.Kem;

namespace Quicprochat.Crypto.Tests.Rfc;

/// <summary>The vectors of draft-ietf-hpke-pq. Those with a one-stage KDF (SHAKE, TurboSHAKE) are not of HPKE as RFC 9180 has it; their KEM half is in <see cref="HpkePqKemVectors"/>.</summary>
public sealed class HpkePqVectors
{
    private const string File = "mls-pq/hpke-pq-test-vectors.json";

    private static readonly (int Kem, int Kdf, int Aead)[] _notApplicable =
    [
        (0x0010, 0x0010, 1), (0x0011, 0x0011, 2), (0x0020, 0x0012, 3), (0x0021, 0x0013, 3),
        (0x0050, 0x0010, 2), (0x647a, 0x0011, 3), (0x0042, 0x0013, 1),
    ];

    public static TheoryData<string> Backends() => Backend.All();

    [Fact]
    public void Exactly_the_rows_with_a_one_stage_Kdf_are_not_run()
    {
        var rows = Vectors.Load(File).EnumerateArray().ToArray();
        Assert.Equal(_notApplicable, rows.Where(row => !IsTwoStage(row)).Select(Ids));
        Assert.Equal(6, rows.Count(IsTwoStage));
        foreach (var (kem, kdf, aead) in _notApplicable)
        {
            Console.Error.WriteLine($"hpke-pq-test-vectors.json: not applicable to MLS, one-stage KDF: kem 0x{kem:x4} kdf 0x{kdf:x4} aead {aead}");
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Every_row_with_Hkdf_is_reproduced(string backend)
    {
        var provider = Backend.Get(backend);
        foreach (var row in Vectors.Load(File).EnumerateArray().Where(IsTwoStage))
        {
            var (kem, kdf, aead) = Ids(row);
            var suite = new HpkeSuite(provider, (KemAlgorithm)kem, (HashAlgorithm)(kdf - 1), (AeadAlgorithm)aead);
            Check(suite, row);
        }
    }

    private static void Check(HpkeSuite suite, JsonElement row)
    {
        var encapsulation = new byte[suite.Kem.EncapsulationSize];
        Assert.True(suite.TrySetupSender(row.Hex("pkRm"), row.Hex("info"), new FixedRandom(row.Hex("ikmE")), encapsulation, out var sender));
        Assert.Equal(row.Hex("enc"), encapsulation);
        Assert.True(suite.TrySetupReceiver(row.Hex("skRm"), encapsulation, row.Hex("info"), out var receiver));
        using (sender)
        using (receiver)
        {
            foreach (var message in row.GetProperty("encryptions").EnumerateArray())
            {
                HpkeChecks.SealsAndOpens(sender, receiver, message.Hex("aad"), message.Hex("pt"), message.Hex("ct"));
            }

            foreach (var export in row.GetProperty("exports").EnumerateArray())
            {
                HpkeChecks.Exports(sender, receiver, export.Hex("exporter_context"), export.Hex("exported_value"));
            }
        }
    }

    private static bool IsTwoStage(JsonElement row) => Ids(row).Kdf is 1 or 2 or 3;

    private static (int Kem, int Kdf, int Aead) Ids(JsonElement row) =>
        (row.GetProperty("kem_id").GetInt32(), row.GetProperty("kdf_id").GetInt32(), row.GetProperty("aead_id").GetInt32());
}
