using Quicprochat.Crypto.Passwords;

namespace Quicprochat.Crypto.Sodium;

internal sealed class SodiumArgon2id : PasswordHash
{
    private const int AlgorithmArgon2id13 = 2;

    private protected override void DeriveCore(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int memoryKib, int passes, Span<byte> key)
    {
        int result = LibSodium.crypto_pwhash(
            key, (ulong)key.Length, password, (ulong)password.Length, salt, (ulong)passes, (nuint)memoryKib * 1024, AlgorithmArgon2id13);
        if (result != 0)
        {
            // The lengths and costs are in range, so it was the memory.
            throw new InsufficientMemoryException($"Argon2id needs {memoryKib} KiB of memory.");
        }
    }
}
