using System.Globalization;
using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Hpke;
using Quicprochat.Crypto.Kem;

namespace Quicprochat.Crypto.Tests.Hpke;

/// <summary>
/// Messages that another implementation sealed (pyca/cryptography), among them ones of our default suite, X-Wing with HKDF-SHA384 and AES-256-GCM,
/// and of P-384, for which no vectors are published.
/// </summary>
public sealed class SecondLibraryTests
{
    public static TheoryData<string, int> Rows()
    {
        var rows = new TheoryData<string, int>();
        foreach (var backend in Backend.Names)
        {
            for (var i = 0; i < Read().Length; i++)
            {
                rows.Add(backend, i);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_message_sealed_elsewhere_opens(string backend, int row)
    {
        var fields = Read()[row];
        var suite = new HpkeSuite(
            Backend.Get(backend), (KemAlgorithm)Id(fields[0]), (HashAlgorithm)(Id(fields[1]) - 1), (AeadAlgorithm)Id(fields[2]));
        var bytes = fields.Skip(3).Select(Convert.FromHexString).ToArray();
        var plaintext = new byte[bytes[3].Length];
        Assert.True(suite.TryOpen(bytes[0], bytes[4], bytes[1], bytes[2], bytes[5], plaintext));
        Assert.Equal(bytes[3], plaintext);
    }

    private static ushort Id(string hex) => ushort.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string[][] Read()
    {
        using var stream = typeof(SecondLibraryTests).Assembly.GetManifestResourceStream("second-library.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split(' '))];
    }
}
