namespace Quicprochat.Crypto.Passwords;

/// <summary>Argon2id (RFC 9106), version 0x13, with one lane: a key from a password, at a cost. Stateless and safe to share between threads.</summary>
public abstract class PasswordHash
{
    /// <summary>Salt length in bytes, as RFC 9106 §3.1 recommends it for passwords.</summary>
    public const int SaltSize = 16;

    /// <summary>Shortest key, in bytes.</summary>
    public const int KeySizeMin = 16;

    /// <summary>Least memory, in KiB (RFC 9106 §3.1: eight for each lane).</summary>
    public const int MemoryKibMin = 8;

    /// <summary>Most memory, in KiB: 4 GiB less one.</summary>
    public const int MemoryKibMax = (4 * 1024 * 1024) - 1;

    /// <summary>Fills <paramref name="key"/>.</summary>
    /// <param name="password">The password.</param>
    /// <param name="salt"><see cref="SaltSize"/> random bytes, stored beside what the key protects.</param>
    /// <param name="memoryKib">How much memory it takes, in KiB.</param>
    /// <param name="passes">How many passes over the memory, at least one.</param>
    /// <param name="key">The key, at least <see cref="KeySizeMin"/> bytes.</param>
    /// <exception cref="ArgumentException">A length or a cost is out of range.</exception>
    /// <exception cref="InsufficientMemoryException">The memory is not to be had.</exception>
    public void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int memoryKib, int passes, Span<byte> key)
    {
        Length.Require(salt.Length, SaltSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(memoryKib, MemoryKibMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(memoryKib, MemoryKibMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, KeySizeMin);
        DeriveCore(password, salt, memoryKib, passes, key);
    }

    private protected abstract void DeriveCore(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int memoryKib, int passes, Span<byte> key);
}
