using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Platform;

namespace Quicprochat.Crypto.Tests.Aead;

/// <summary>What every AEAD of every back end must do.</summary>
public sealed class AeadKeyTests
{
    // AES-GCM of .NET is not the native back end's where OpenSSL 3 is: it is held to the same rules by name.
    public static TheoryData<string, AeadAlgorithm> Aeads()
    {
        var rows = Backend.Aeads();
        rows.Add("Platform", AeadAlgorithm.Aes128Gcm);
        rows.Add("Platform", AeadAlgorithm.Aes256Gcm);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Aeads))]
    public void What_was_sealed_opens(string backend, AeadAlgorithm algorithm)
    {
        var random = new SeededRandom(1);
        using var key = Create(backend, algorithm, random);
        foreach (var length in new[] { 0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 1180, 1472, 70_000 })
        {
            var message = Message.Draw(random, length);
            var @sealed = message.Seal(key);
            var opened = new byte[length];
            Assert.True(key.TryOpen(message.Nonce, @sealed, message.AssociatedData, opened));
            Assert.Equal(message.Plaintext, opened);
        }
    }

    [Theory]
    [MemberData(nameof(Aeads))]
    public void Sealing_and_opening_work_in_place(string backend, AeadAlgorithm algorithm)
    {
        var random = new SeededRandom(2);
        using var key = Create(backend, algorithm, random);
        foreach (var length in new[] { 0, 1, 16, 100, 1200, 5000 })
        {
            var message = Message.Draw(random, length);
            var buffer = new byte[length + AeadKey.TagSize];
            message.Plaintext.CopyTo(buffer, 0);
            key.Seal(message.Nonce, buffer.AsSpan(0, length), message.AssociatedData, buffer);
            Assert.Equal(message.Seal(key), buffer);
            Assert.True(key.TryOpen(message.Nonce, buffer, message.AssociatedData, buffer.AsSpan(0, length)));
            Assert.Equal(message.Plaintext, buffer[..length]);
        }
    }

    [Theory]
    [MemberData(nameof(Aeads))]
    public void Every_flipped_bit_is_noticed_and_nothing_is_revealed(string backend, AeadAlgorithm algorithm)
    {
        var random = new SeededRandom(3);
        using var key = Create(backend, algorithm, random);
        var message = Message.Draw(random, 40);
        var @sealed = message.Seal(key);
        for (var bit = 0; bit < @sealed.Length * 8; bit++)
        {
            Refuses(key, message.Nonce, Flip(@sealed, bit), message.AssociatedData);
        }

        for (var bit = 0; bit < message.AssociatedData.Length * 8; bit++)
        {
            Refuses(key, message.Nonce, @sealed, Flip(message.AssociatedData, bit));
        }

        for (var bit = 0; bit < message.Nonce.Length * 8; bit++)
        {
            Refuses(key, Flip(message.Nonce, bit), @sealed, message.AssociatedData);
        }

        // A refusal must not spoil the key.
        Assert.True(key.TryOpen(message.Nonce, @sealed, message.AssociatedData, new byte[40]));
    }

    [Theory]
    [MemberData(nameof(Aeads))]
    public void Another_key_does_not_open(string backend, AeadAlgorithm algorithm)
    {
        var random = new SeededRandom(4);
        using var key = Create(backend, algorithm, random);
        using var other = Create(backend, algorithm, random);
        var message = Message.Draw(random, 40);
        Refuses(other, message.Nonce, message.Seal(key), message.AssociatedData);
    }

    [Theory]
    [MemberData(nameof(Aeads))]
    public void What_is_shorter_than_a_tag_or_cut_off_is_refused(string backend, AeadAlgorithm algorithm)
    {
        var random = new SeededRandom(5);
        using var key = Create(backend, algorithm, random);
        var message = Message.Draw(random, 40);
        var @sealed = message.Seal(key);
        for (var length = 0; length < @sealed.Length; length++)
        {
            Assert.False(key.TryOpen(message.Nonce, @sealed.AsSpan(0, length), message.AssociatedData, new byte[Math.Max(0, length - AeadKey.TagSize)]));
        }
    }

    [Theory]
    [MemberData(nameof(Aeads))]
    public void A_length_the_caller_chose_wrongly_throws(string backend, AeadAlgorithm algorithm)
    {
        foreach (var length in new[] { 0, 15, 17, 24, 31, 33 })
        {
            Assert.Throws<ArgumentException>(() => Create(backend, algorithm, new byte[length]));
        }

        using var key = Create(backend, algorithm, new SeededRandom(6));
        foreach (var length in new[] { 0, 11, 13 })
        {
            Assert.Throws<ArgumentException>(() => key.Seal(new byte[length], new byte[5], [], new byte[5 + AeadKey.TagSize]));
            Assert.Throws<ArgumentException>(() => key.TryOpen(new byte[length], new byte[5 + AeadKey.TagSize], [], new byte[5]));
        }

        foreach (var length in new[] { 0, 5, 20, 22 })
        {
            Assert.Throws<ArgumentException>(() => key.Seal(new byte[12], new byte[5], [], new byte[length]));
        }

        Assert.Throws<ArgumentException>(() => key.TryOpen(new byte[12], new byte[21], [], new byte[4]));
        Assert.Throws<ArgumentException>(() => key.TryOpen(new byte[12], new byte[21], [], new byte[6]));
    }

    [Theory]
    [MemberData(nameof(Aeads))]
    public void A_disposed_key_is_not_used(string backend, AeadAlgorithm algorithm)
    {
        var key = Create(backend, algorithm, new SeededRandom(7));
        key.Dispose();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Seal(new byte[12], new byte[5], [], new byte[21]));
    }

    [Theory]
    [InlineData("Native", AeadAlgorithm.Aes128Gcm)]
    [InlineData("Native", AeadAlgorithm.Aes256Gcm)]
    [InlineData("Native", AeadAlgorithm.ChaCha20Poly1305)]
    [InlineData("Platform", AeadAlgorithm.Aes128Gcm)]
    public void A_native_key_does_not_allocate(string backend, AeadAlgorithm algorithm)
    {
        var random = new SeededRandom(8);
        using var key = Create(backend, algorithm, random);
        var message = Message.Draw(random, 1200);
        var buffer = new byte[1200 + AeadKey.TagSize];
        var opened = new byte[1200];
        Round(key, message, buffer, opened);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Round(key, message, buffer, opened);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void One_key_seals_and_opens_by_turns()
    {
        var random = new SeededRandom(10);
        foreach (var algorithm in Enum.GetValues<AeadAlgorithm>())
        {
            using var key = Create("Native", algorithm, random);
            for (var i = 0; i < 20; i++)
            {
                // Both sides of the length at which the native calls change.
                var message = Message.Draw(random, 2040 + i);
                var @sealed = message.Seal(key);
                Refuses(key, message.Nonce, Flip(@sealed, random.Next(8 * @sealed.Length)), message.AssociatedData);
                Assert.Equal(@sealed, message.Seal(key));
                Assert.True(key.TryOpen(message.Nonce, @sealed, message.AssociatedData, new byte[message.Plaintext.Length]));
            }
        }
    }

    [Fact]
    public void Native_and_managed_agree()
    {
        var random = new SeededRandom(9);
        foreach (var algorithm in Enum.GetValues<AeadAlgorithm>())
        {
            for (var i = 0; i < 1000; i++)
            {
                var secret = random.Bytes(AeadKey.KeySizeOf(algorithm));
                using var native = Backend.Get("Native").CreateAeadKey(algorithm, secret);
                using var managed = CryptoProvider.Managed.CreateAeadKey(algorithm, secret);
                using var platform = algorithm == AeadAlgorithm.ChaCha20Poly1305 ? null : new PlatformAesGcm(algorithm, secret);
                var message = Message.Draw(random, random.Next(300));
                var @sealed = message.Seal(native);
                Assert.Equal(@sealed, message.Seal(managed));
                Assert.Equal(@sealed, platform is null ? @sealed : message.Seal(platform));
                Assert.True(managed.TryOpen(message.Nonce, @sealed, message.AssociatedData, new byte[message.Plaintext.Length]));
            }
        }
    }

    private static void Round(AeadKey key, Message message, byte[] buffer, byte[] opened)
    {
        key.Seal(message.Nonce, message.Plaintext, message.AssociatedData, buffer);
        Assert.True(key.TryOpen(message.Nonce, buffer, message.AssociatedData, opened));
    }

    private static void Refuses(AeadKey key, byte[] nonce, byte[] @sealed, byte[] associatedData)
    {
        // "Zeroed or untouched": the caller's own bytes here are zero as well.
        var plaintext = new byte[@sealed.Length - AeadKey.TagSize];
        Assert.False(key.TryOpen(nonce, @sealed, associatedData, plaintext));
        Assert.Equal(new byte[plaintext.Length], plaintext);
    }

    private static byte[] Flip(byte[] bytes, int bit)
    {
        var copy = (byte[])bytes.Clone();
        copy[bit / 8] ^= (byte)(1 << (bit % 8));
        return copy;
    }

    private static AeadKey Create(string backend, AeadAlgorithm algorithm, SeededRandom random) =>
        Create(backend, algorithm, random.Bytes(AeadKey.KeySizeOf(algorithm)));

    private static AeadKey Create(string backend, AeadAlgorithm algorithm, byte[] key) =>
        backend == "Platform" ? new PlatformAesGcm(algorithm, key) : Backend.Get(backend).CreateAeadKey(algorithm, key);

    private sealed record Message(byte[] Nonce, byte[] AssociatedData, byte[] Plaintext)
    {
        public static Message Draw(SeededRandom random, int length) =>
            new(random.Bytes(AeadKey.NonceSize), random.Bytes(1 + random.Next(60)), random.Bytes(length));

        public byte[] Seal(AeadKey key)
        {
            var @sealed = new byte[Plaintext.Length + AeadKey.TagSize];
            key.Seal(Nonce, Plaintext, AssociatedData, @sealed);
            return @sealed;
        }
    }
}
