using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace Quicprochat.Crypto.Tests.Rfc;

/// <summary>
/// RFC 9106 §5.3 has four lanes, a secret and associated data, which <see cref="Crypto.Passwords.PasswordHash"/> leaves out. So the RFC's vector anchors the library
/// of the managed back end, and a vector of one lane, which libsodium publishes with its tests, both back ends.
/// </summary>
public sealed class Rfc9106Vectors
{
    public static TheoryData<string> Backends() => Backend.All();

    [Fact]
    public void The_managed_library_gives_the_tag_of_section_5_3()
    {
        var generator = new Argon2BytesGenerator();
        generator.Init(new Argon2Parameters.Builder(Argon2Parameters.Argon2id)
            .WithVersion(Argon2Parameters.Version13)
            .WithMemoryAsKB(32)
            .WithIterations(3)
            .WithParallelism(4)
            .WithSalt(Repeat(2, 16))
            .WithSecret(Repeat(3, 8))
            .WithAdditional(Repeat(4, 12))
            .Build());
        byte[] tag = new byte[32];
        generator.GenerateBytes(Repeat(1, 32), tag);
        Assert.Equal("0D640DF58D78766C08C037A34A8B53C9D01EF0452D75B65EB52520E96B01E659", Convert.ToHexString(tag));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void One_lane_as_libsodium_publishes_it(string backend)
    {
        byte[] key = new byte[155];
        Backend.Get(backend).Argon2id.Derive(
            Convert.FromHexString(
                "a347ae92bce9f80f6f595a4480fc9c2fe7e7d7148d371e9487d75f5c23008ffae065577a928febd9b1973a5a95073acdbeb6a030cfc0d79caa2dc5cd011cef02"
                + "c08da232d76d52dfbca38ca8dcbd665b17d1665f7cf5fe59772ec909733b24de97d6f58d220b20c60d7c07ec1fd93c52c31020300c6c1facd77937a597c7a6"),
            Convert.FromHexString("5541fbc995d5c197ba290346d2c559de"),
            7256678 / 1024,
            5,
            key);
        Assert.Equal(
            "18acec5d6507739f203d1f5d9f1d862f7c2cdac4f19d2bdff64487e60d969e3ced615337b9eec6ac4461c6ca07f0939741e57c24d0005c7ea171a0ee1e734824"
            + "9d135b38f222e4dad7b9a033ed83f5ca27277393e316582033c74affe2566a2bea47f91f0fd9fe49ece7e1f79f3ad6e9b23e0277c8ecc4b313225748dd2a80f5"
            + "679534a0700e246a79a49b3f74eb89ec6205fe1eeb941c73b1fcf1",
            Convert.ToHexStringLower(key));
    }

    private static byte[] Repeat(byte value, int count) => [.. Enumerable.Repeat(value, count)];
}
