using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Quicprochat.Crypto.Passwords;

namespace Quicprochat.Crypto.Managed;

internal sealed class ManagedArgon2id : PasswordHash
{
    private protected override void DeriveCore(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int memoryKib, int passes, Span<byte> key)
    {
        Argon2Parameters parameters = new Argon2Parameters.Builder(Argon2Parameters.Argon2id)
            .WithVersion(Argon2Parameters.Version13)
            .WithSalt(salt.ToArray())
            .WithMemoryAsKB(memoryKib)
            .WithIterations(passes)
            .WithParallelism(1)
            .Build();
        var generator = new Argon2BytesGenerator();
        generator.Init(parameters);

        // BouncyCastle takes arrays only.
        byte[] secret = password.ToArray();
        byte[] made = new byte[key.Length];
        try
        {
            generator.GenerateBytes(secret, made);
            made.CopyTo(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(made);
        }
    }
}
