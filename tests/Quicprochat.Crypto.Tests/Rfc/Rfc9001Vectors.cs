using Quicprochat.Crypto.Aead;

namespace Quicprochat.Crypto.Tests.Rfc;

/// <summary>The header masks of RFC 9001 §A.2, A.3 and A.5.</summary>
public sealed class Rfc9001Vectors
{
    public static TheoryData<string, AeadAlgorithm, string, string, string> Rows()
    {
        var rows = new TheoryData<string, AeadAlgorithm, string, string, string>();
        foreach (var backend in Backend.Names)
        {
            rows.Add(backend, AeadAlgorithm.Aes128Gcm, "9f50449e04a0e810283a1e9933adedd2", "d1b1c98dd7689fb8ec11d242b123dc9b", "437b9aec36");
            rows.Add(backend, AeadAlgorithm.Aes128Gcm, "c206b8d9b9f0f37644430b490eeaa314", "2cd0991cd25b0aac406a5816b6394100", "2ec0d8356a");
            rows.Add(
                backend,
                AeadAlgorithm.ChaCha20Poly1305,
                "25a282b9e82f06f21f488917a4fc8f1b73573685608597d0efcb076b0ab7a7a4",
                "5e5cd55c41f69080575d7999c25a5bfb",
                "aefefe7d03");
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_mask_is_reproduced(string backend, AeadAlgorithm algorithm, string key, string sample, string mask)
    {
        using var protection = Backend.Get(backend).CreateHeaderProtectionKey(algorithm, Convert.FromHexString(key));
        var computed = new byte[HeaderProtectionKey.MaskSize];
        protection.Mask(Convert.FromHexString(sample), computed);
        Assert.Equal(Convert.FromHexString(mask), computed);
    }
}
