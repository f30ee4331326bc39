using Quicprochat.Crypto.Aead;

namespace Quicprochat.Crypto.Tests.Aead;

public sealed class HeaderProtectionKeyTests
{
    public static TheoryData<string, AeadAlgorithm> Aeads() => Backend.Aeads();

    [Theory]
    [MemberData(nameof(Aeads))]
    public void A_length_the_caller_chose_wrongly_throws(string backend, AeadAlgorithm algorithm)
    {
        var provider = Backend.Get(backend);
        foreach (var length in new[] { 0, 15, 17, 24, 31, 33 })
        {
            Assert.Throws<ArgumentException>(() => provider.CreateHeaderProtectionKey(algorithm, new byte[length]));
        }

        using var key = Create(backend, algorithm, new SeededRandom(1));
        Assert.Throws<ArgumentException>(() => key.Mask(new byte[15], new byte[5]));
        Assert.Throws<ArgumentException>(() => key.Mask(new byte[17], new byte[5]));
        Assert.Throws<ArgumentException>(() => key.Mask(new byte[16], new byte[4]));
        Assert.Throws<ArgumentException>(() => key.Mask(new byte[16], new byte[6]));
    }

    [Theory]
    [MemberData(nameof(Aeads))]
    public void A_disposed_key_is_not_used(string backend, AeadAlgorithm algorithm)
    {
        var key = Create(backend, algorithm, new SeededRandom(2));
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Mask(new byte[16], new byte[5]));
    }

    [Theory]
    [MemberData(nameof(Aeads))]
    public void A_mask_does_not_allocate(string backend, AeadAlgorithm algorithm)
    {
        using var key = Create(backend, algorithm, new SeededRandom(3));
        var sample = new byte[HeaderProtectionKey.SampleSize];
        var mask = new byte[HeaderProtectionKey.MaskSize];
        key.Mask(sample, mask);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            key.Mask(sample, mask);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Native_and_managed_agree()
    {
        var random = new SeededRandom(4);
        foreach (var algorithm in Enum.GetValues<AeadAlgorithm>())
        {
            for (var i = 0; i < 1000; i++)
            {
                var secret = random.Bytes(AeadKey.KeySizeOf(algorithm));
                var sample = random.Bytes(HeaderProtectionKey.SampleSize);
                using var native = Backend.Get("Native").CreateHeaderProtectionKey(algorithm, secret);
                using var managed = CryptoProvider.Managed.CreateHeaderProtectionKey(algorithm, secret);
                var (a, b) = (new byte[HeaderProtectionKey.MaskSize], new byte[HeaderProtectionKey.MaskSize]);
                native.Mask(sample, a);
                managed.Mask(sample, b);
                Assert.Equal(a, b);
            }
        }
    }

    private static HeaderProtectionKey Create(string backend, AeadAlgorithm algorithm, SeededRandom random) =>
        Backend.Get(backend).CreateHeaderProtectionKey(algorithm, random.Bytes(AeadKey.KeySizeOf(algorithm)));
}
