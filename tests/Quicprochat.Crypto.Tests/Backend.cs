using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Kem;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Crypto.Tests;

/// <summary>The back ends by name, and every algorithm of every back end as rows of a theory.</summary>
internal static class Backend
{
    public static readonly string[] Names = ["Native", "Managed"];

    public static CryptoProvider Get(string name)
    {
        Assert.SkipUnless(name != "Native" || NativeProvider.Instance is not null, "libsodium does not load on this platform");
        return name switch
        {
            "Native" => CryptoProvider.Native,
            "Managed" => CryptoProvider.Managed,
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    public static TheoryData<string> All() => [.. Names];

    public static TheoryData<string, HashAlgorithm> Hashes() => Rows(Enum.GetValues<HashAlgorithm>());

    public static TheoryData<string, AeadAlgorithm> Aeads() => Rows(Enum.GetValues<AeadAlgorithm>());

    public static TheoryData<string, KemAlgorithm> Kems() => Rows(Enum.GetValues<KemAlgorithm>());

    public static TheoryData<string, SignatureAlgorithm> Signatures() => Rows(Enum.GetValues<SignatureAlgorithm>());

    public static TheoryData<string, KeyAgreementAlgorithm> Agreements() => Rows(Enum.GetValues<KeyAgreementAlgorithm>());

    private static TheoryData<string, T> Rows<T>(T[] algorithms)
    {
        var rows = new TheoryData<string, T>();
        foreach (var name in Names)
        {
            foreach (var algorithm in algorithms)
            {
                rows.Add(name, algorithm);
            }
        }

        return rows;
    }
}
