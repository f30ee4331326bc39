using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Managed;
using Quicprochat.Crypto.Sodium;

namespace Quicprochat.Crypto.Tests.Rfc;

/// <summary>FIPS 180-4 and FIPS 202 by their best-known digests, and RFC 4231 test case 2.</summary>
public sealed class HashVectors
{
    public static TheoryData<string> Backends() => Backend.All();

    [Theory]
    [MemberData(nameof(Backends))]
    public void Sha_2_of_abc(string backend)
    {
        Digest(backend, HashAlgorithm.Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        Digest(backend, HashAlgorithm.Sha384, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
        Digest(
            backend,
            HashAlgorithm.Sha512,
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Hmac_of_Rfc_4231(string backend)
    {
        Mac(backend, HashAlgorithm.Sha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        Mac(backend, HashAlgorithm.Sha384, "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649");
        Mac(
            backend,
            HashAlgorithm.Sha512,
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Sha_3_and_Shake_of_nothing(string backend)
    {
        _ = Backend.Get(backend);
        Keccak keccak = backend == "Native" ? new SodiumKeccak() : new ManagedKeccak();
        var digest = new byte[32];
        keccak.Sha3256([], digest);
        Assert.Equal(Convert.FromHexString("a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"), digest);

        var output = new byte[64];
        keccak.Shake256([], output);
        Assert.Equal(
            Convert.FromHexString("46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762fd75dc4ddd8c0f200cb05019d67b592f6fc821c49479ab48640292eacb3b7c4be"),
            output);
    }

    private static void Digest(string backend, HashAlgorithm algorithm, string expected)
    {
        var hash = Backend.Get(backend).Hash(algorithm);
        var digest = new byte[hash.Size];
        hash.Compute("abc"u8, digest);
        Assert.Equal(Convert.FromHexString(expected), digest);
    }

    private static void Mac(string backend, HashAlgorithm algorithm, string expected)
    {
        var hash = Backend.Get(backend).Hash(algorithm);
        var tag = new byte[hash.Size];
        hash.Hmac("Jefe"u8, "what do ya want for nothing?"u8, tag);
        Assert.Equal(Convert.FromHexString(expected), tag);
    }
}
