using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

public sealed class ExporterTests
{
    public static TheoryData<TlsCipherSuite> Suites => [.. Enum.GetValues<TlsCipherSuite>()];

    [Theory]
    [MemberData(nameof(Suites))]
    public void Both_ends_export_the_same_and_BouncyCastle_agrees(TlsCipherSuite suite)
    {
        var log = new KeyLogTests.RecordingKeyLog();
        using TlsPair pair = new TlsPair(TlsPair.ClientOptions with { CipherSuites = [suite], KeyLog = log }).RunToCompletion();
        foreach ((string label, byte[] context, int length) in new (string, byte[], int)[] { ("EXPORTER-chat", [1], 32), ("EXPORTER-chat", [], 100), ("EXPORTER-other", new byte[300], 7) })
        {
            var client = new byte[length];
            var server = new byte[length];
            Assert.True(pair.Client.TryExport(label, context, client));
            Assert.True(pair.Server.TryExport(label, context, server));
            Assert.Equal(client, server);
            Assert.Equal(ByBouncyCastle(log.Secrets["EXPORTER_SECRET"], suite, label, context, length), client);
        }
    }

    [Fact]
    public void Label_context_and_connection_each_change_the_output()
    {
        using TlsPair first = new TlsPair(seed: 1).RunToCompletion();
        using TlsPair second = new TlsPair(seed: 2).RunToCompletion();
        byte[][] outputs = [Export(first, "EXPORTER-a", []), Export(first, "EXPORTER-b", []), Export(first, "EXPORTER-a", [0]), Export(second, "EXPORTER-a", [])];
        Assert.Equal(4, outputs.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void What_HKDF_cannot_do_is_refused()
    {
        using TlsPair pair = new TlsPair().RunToCompletion();
        Assert.True(pair.Client.TryExport(new string('x', 249), [], new byte[255 * 32]));
        Assert.False(pair.Client.TryExport(new string('x', 250), [], new byte[32]));
        Assert.False(pair.Client.TryExport("EXPORTER-a", [], new byte[(255 * 32) + 1]));
        Assert.False(pair.Client.TryExport("EXPORTER-ä", [], new byte[32]));
    }

    [Fact]
    public void Before_completion_and_after_disposal_nothing_is_exported()
    {
        using var pair = new TlsPair();
        Assert.False(pair.Client.TryExport("EXPORTER-a", [], new byte[32]));
        pair.RunToCompletion();
        pair.Client.Dispose();
        Assert.False(pair.Client.TryExport("EXPORTER-a", [], new byte[32]));
    }

    private static byte[] Export(TlsPair pair, string label, byte[] context)
    {
        var output = new byte[32];
        Assert.True(pair.Client.TryExport(label, context, output));
        return output;
    }

    private static byte[] ByBouncyCastle(byte[] exporterSecret, TlsCipherSuite suite, string label, byte[] context, int length)
    {
        int algorithm = suite == TlsCipherSuite.Aes256GcmSha384 ? CryptoHashAlgorithm.sha384 : CryptoHashAlgorithm.sha256;
        var crypto = new BcTlsCrypto(new SecureRandom());
        byte[] Hash(byte[] data)
        {
            TlsHash hash = crypto.CreateHash(algorithm);
            hash.Update(data, 0, data.Length);
            return hash.CalculateHash();
        }

        TlsSecret derived = TlsCryptoUtilities.HkdfExpandLabel(crypto.CreateSecret(exporterSecret), algorithm, label, Hash([]), exporterSecret.Length);
        return TlsCryptoUtilities.HkdfExpandLabel(derived, algorithm, "exporter", Hash(context), length).Extract();
    }
}
