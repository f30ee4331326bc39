using Quicprochat.Crypto.Hash;

namespace Quicprochat.Crypto.Tests.Rfc;

/// <summary>RFC 5869 §A: HKDF with SHA-256.</summary>
public sealed class Rfc5869Vectors
{
    public static TheoryData<string> Backends() => Backend.All();

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_1_basic(string backend) => Check(
        backend,
        ikm: "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
        salt: "000102030405060708090a0b0c",
        info: "f0f1f2f3f4f5f6f7f8f9",
        prk: "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        okm: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_2_longer_inputs_and_outputs(string backend) => Check(
        backend,
        ikm: Range(0x00, 80),
        salt: Range(0x60, 80),
        info: Range(0xb0, 80),
        prk: "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
        okm: "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_3_no_salt_and_no_info(string backend) => Check(
        backend,
        ikm: "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
        salt: "",
        info: "",
        prk: "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        okm: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");

    private static void Check(string backend, string ikm, string salt, string info, string prk, string okm)
    {
        var hash = Backend.Get(backend).Hash(HashAlgorithm.Sha256);
        var extracted = new byte[hash.Size];
        hash.Extract(Convert.FromHexString(salt), Convert.FromHexString(ikm), extracted);
        Assert.Equal(Convert.FromHexString(prk), extracted);

        var expanded = new byte[okm.Length / 2];
        hash.Expand(extracted, Convert.FromHexString(info), expanded);
        Assert.Equal(Convert.FromHexString(okm), expanded);
    }

    private static string Range(int first, int count) => Convert.ToHexString([.. Enumerable.Range(first, count).Select(value => (byte)value)]);
}
