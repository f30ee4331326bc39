using Quicprochat.Crypto.Hash;

namespace Quicprochat.Crypto.Tests.Hash;

/// <summary>What every hash of every back end must do.</summary>
public sealed class HashFunctionTests
{
    public static TheoryData<string, HashAlgorithm> Hashes() => Backend.Hashes();

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Pieces_give_the_digest_of_the_whole(string backend, HashAlgorithm algorithm)
    {
        var hash = Backend.Get(backend).Hash(algorithm);
        var random = new SeededRandom(7);
        using var incremental = hash.CreateIncremental();
        var whole = new List<byte>();
        for (var i = 0; i < 40; i++)
        {
            var piece = random.Bytes(random.Next(200));
            whole.AddRange(piece);
            incremental.Append(piece);

            // Current may be asked at any time and must not end the run.
            var current = new byte[hash.Size];
            var expected = new byte[hash.Size];
            incremental.Current(current);
            hash.Compute(whole.ToArray(), expected);
            Assert.Equal(expected, current);
        }
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void A_destination_of_another_length_is_the_callers_bug(string backend, HashAlgorithm algorithm)
    {
        var hash = Backend.Get(backend).Hash(algorithm);
        Assert.Equal(algorithm, hash.Algorithm);
        foreach (var length in new[] { 0, hash.Size - 1, hash.Size + 1 })
        {
            var wrong = new byte[length];
            Assert.Throws<ArgumentException>(() => hash.Compute([], wrong));
            Assert.Throws<ArgumentException>(() => hash.Hmac([], [], wrong));
            Assert.Throws<ArgumentException>(() => hash.Extract([], [], wrong));
            using var incremental = hash.CreateIncremental();
            Assert.Throws<ArgumentException>(() => incremental.Current(wrong));
        }
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Expand_goes_up_to_255_blocks_and_no_further(string backend, HashAlgorithm algorithm)
    {
        var hash = Backend.Get(backend).Hash(algorithm);
        var prk = new SeededRandom(3).Bytes(hash.Size);
        var longest = new byte[255 * hash.Size];
        hash.Expand(prk, "info"u8, longest);

        // The last block is HMAC(PRK, T(254) ‖ info ‖ 255), by the definition (RFC 5869 §2.3).
        var last = new byte[hash.Size];
        hash.Hmac(prk, [.. longest[^(2 * hash.Size)..^hash.Size], .. "info"u8, 255], last);
        Assert.Equal(last, longest[^hash.Size..]);
        Assert.Throws<ArgumentException>(() => hash.Expand(prk, "info"u8, new byte[longest.Length + 1]));
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void A_shorter_output_is_a_prefix_whatever_the_length_of_info(string backend, HashAlgorithm algorithm)
    {
        var hash = Backend.Get(backend).Hash(algorithm);
        var random = new SeededRandom(4);
        var prk = random.Bytes(hash.Size);
        foreach (var infoLength in new[] { 0, 1, 100, 191, 192, 193, 255, 256, 257, 5000 })
        {
            var info = random.Bytes(infoLength);
            var full = new byte[150];
            hash.Expand(prk, info, full);
            foreach (var length in new[] { 0, 1, 31, 64, 149 })
            {
                var shorter = new byte[length];
                hash.Expand(prk, info, shorter);
                Assert.Equal(full[..length], shorter);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void The_same_instance_is_given_every_time(string backend, HashAlgorithm algorithm) =>
        Assert.Same(Backend.Get(backend).Hash(algorithm), Backend.Get(backend).Hash(algorithm));

    [Fact]
    public void Native_and_managed_agree()
    {
        var native = Backend.Get("Native");
        var random = new SeededRandom(11);
        foreach (var algorithm in Enum.GetValues<HashAlgorithm>())
        {
            for (var i = 0; i < 1000; i++)
            {
                var (one, other) = (native.Hash(algorithm), CryptoProvider.Managed.Hash(algorithm));
                var key = random.Bytes(random.Next(200));
                var data = random.Bytes(random.Next(400));
                var (a, b) = (new byte[one.Size], new byte[one.Size]);
                one.Compute(data, a);
                other.Compute(data, b);
                Assert.Equal(a, b);
                one.Hmac(key, data, a);
                other.Hmac(key, data, b);
                Assert.Equal(a, b);
                var (longA, longB) = (new byte[random.Next(300)], Array.Empty<byte>());
                longB = new byte[longA.Length];
                one.Expand(key, data, longA);
                other.Expand(key, data, longB);
                Assert.Equal(longA, longB);
            }
        }
    }
}
