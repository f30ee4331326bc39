using System.Globalization;
using System.Text;
using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Hpke;
using Quicprochat.Crypto.Kem;
using Quicprochat.Crypto.Tests.Kem;

namespace Quicprochat.Crypto.Tests.Rfc;

/// <summary>The vectors printed in RFC 9180 §A, base and PSK mode, as the file rfc9180.txt holds them.</summary>
public sealed class Rfc9180Vectors
{
    private const int ExportOnly = 0xffff;

    private static readonly byte[] _info = Convert.FromHexString("4f6465206f6e2061204772656369616e2055726e");
    private static readonly byte[] _pskId = Convert.FromHexString("456e6e796e20447572696e206172616e204d6f726961");
    private static readonly byte[] _plaintext = Convert.FromHexString("4265617574792069732074727574682c20747275746820626561757479");

    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var backend in Backend.Names)
        {
            foreach (var vector in Read())
            {
                rows.Add(backend, vector.Name);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Vector_is_reproduced(string backend, string name)
    {
        var vector = Read().Single(candidate => candidate.Name == name);
        var suite = Suite(Backend.Get(backend), vector);
        var pair = KemKeyPair.Derive(suite.Kem, vector.Hex("ikmR"));
        Assert.Equal(vector.Hex("skRm"), pair.Private);
        Assert.Equal(vector.Hex("pkRm"), pair.Public);

        var psk = vector.Has("psk") ? new HpkePsk(vector.Hex("psk"), _pskId) : default;
        var encapsulation = new byte[suite.Kem.EncapsulationSize];
        var sharedSecret = new byte[suite.Kem.SharedSecretSize];
        Assert.True(suite.TrySetupSender(pair.Public, _info, new FixedRandom(vector.Hex("ikmE")), encapsulation, out var sender, psk));
        Assert.Equal(vector.Hex("enc"), encapsulation);
        Assert.True(suite.Kem.TryDecapsulate(pair.Private, encapsulation, sharedSecret));
        Assert.Equal(vector.Hex("shared_secret"), sharedSecret);
        Assert.True(suite.TrySetupReceiver(pair.Private, encapsulation, _info, out var receiver, psk));

        foreach (var (sequence, ciphertext) in vector.All("ct"))
        {
            sender.SequenceNumber = receiver.SequenceNumber = ulong.Parse(sequence, CultureInfo.InvariantCulture);
            HpkeChecks.SealsAndOpens(sender, receiver, Encoding.ASCII.GetBytes("Count-" + sequence), _plaintext, Convert.FromHexString(ciphertext));
        }

        foreach (var (context, value) in vector.All("exported"))
        {
            HpkeChecks.Exports(sender, receiver, context == "-" ? [] : Convert.FromHexString(context), Convert.FromHexString(value));
        }

        sender.Dispose();
        receiver.Dispose();
    }

    private static HpkeSuite Suite(CryptoProvider provider, Vector vector)
    {
        var kem = (KemAlgorithm)vector.Number("kem_id");
        var kdf = (HashAlgorithm)(vector.Number("kdf_id") - 1);
        var aead = vector.Number("aead_id");
        return aead == ExportOnly ? new HpkeSuite(provider, kem, kdf) : new HpkeSuite(provider, kem, kdf, (AeadAlgorithm)aead);
    }

    private static IEnumerable<Vector> Read()
    {
        using var stream = typeof(Rfc9180Vectors).Assembly.GetManifestResourceStream("rfc9180.txt")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' '));
        var vectors = new List<Vector>();
        foreach (var line in lines)
        {
            if (line[0] == "vector")
            {
                vectors.Add(new Vector(line[1], []));
            }
            else
            {
                vectors[^1].Lines.Add(line);
            }
        }

        return vectors;
    }

    private sealed record Vector(string Name, List<string[]> Lines)
    {
        public bool Has(string key) => Lines.Exists(line => line[0] == key);

        public byte[] Hex(string key) => Convert.FromHexString(Lines.Single(line => line[0] == key)[1]);

        public int Number(string key) => int.Parse(Lines.Single(line => line[0] == key)[1], CultureInfo.InvariantCulture);

        public IEnumerable<(string Index, string Value)> All(string key) => Lines.Where(line => line[0] == key).Select(line => (line[1], line[2]));
    }
}
