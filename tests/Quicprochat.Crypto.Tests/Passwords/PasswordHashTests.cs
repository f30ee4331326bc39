using Quicprochat.Crypto.Passwords;

namespace Quicprochat.Crypto.Tests.Passwords;

public sealed class PasswordHashTests
{
    private static readonly byte[] _salt = [.. Enumerable.Range(1, PasswordHash.SaltSize).Select(static value => (byte)value)];

    public static TheoryData<string> Backends() => Backend.All();

    [Theory]
    [MemberData(nameof(Backends))]
    public void Every_argument_changes_the_key(string backend)
    {
        PasswordHash hash = Backend.Get(backend).Argon2id;
        byte[] salt = [.. _salt];
        byte[] expected = Derive(hash, "pass"u8, salt, 64, 2, 32);
        Assert.Equal(expected, Derive(hash, "pass"u8, salt, 64, 2, 32));
        Assert.NotEqual(expected, Derive(hash, "pasS"u8, salt, 64, 2, 32));
        Assert.NotEqual(expected, Derive(hash, "pass"u8, salt, 72, 2, 32));
        Assert.NotEqual(expected, Derive(hash, "pass"u8, salt, 64, 3, 32));
        Assert.NotEqual(expected, Derive(hash, "pass"u8, salt, 64, 2, 33)[..32]);
        salt[15] ^= 1;
        Assert.NotEqual(expected, Derive(hash, "pass"u8, salt, 64, 2, 32));
    }

    [Fact]
    public void Both_back_ends_give_the_same_key()
    {
        PasswordHash native = Backend.Get("Native").Argon2id;
        PasswordHash managed = Backend.Get("Managed").Argon2id;
        foreach ((int memory, int passes, int length) in new[] { (8, 1, 16), (64, 3, 32), (99, 2, 64), (1024, 1, 65), (4096, 4, 32) })
        {
            foreach (byte[] password in new[] { [], [0], "correct horse"u8.ToArray(), new byte[300] })
            {
                Assert.Equal(Derive(native, password, _salt, memory, passes, length), Derive(managed, password, _salt, memory, passes, length));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_length_or_cost_out_of_range_is_the_callers_bug(string backend)
    {
        PasswordHash hash = Backend.Get(backend).Argon2id;
        Assert.Throws<ArgumentException>(() => Derive(hash, default, new byte[15], 64, 1, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => Derive(hash, default, _salt, PasswordHash.MemoryKibMin - 1, 1, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => Derive(hash, default, _salt, int.MaxValue, 1, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => Derive(hash, default, _salt, 64, 0, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => Derive(hash, default, _salt, 64, 1, 15));
    }

    private static byte[] Derive(PasswordHash hash, ReadOnlySpan<byte> password, byte[] salt, int memoryKib, int passes, int length)
    {
        byte[] key = new byte[length];
        hash.Derive(password, salt, memoryKib, passes, key);
        return key;
    }
}
