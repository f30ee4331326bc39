using Quicprochat.Crypto.Kem;

namespace Quicprochat.Crypto.Tests.Kem;

/// <summary>Public keys of the right length that no KEM may accept, made from a valid one.</summary>
internal static class InvalidKeys
{
    private const int Modulus = 3329;

    public static IEnumerable<byte[]> Of(KemAlgorithm algorithm, byte[] publicKey)
    {
        foreach (var key in OfGroup(algorithm, publicKey))
        {
            yield return key;
        }

        var coefficients = 384 * Rank(algorithm) * 2 / 3;
        for (var index = 0; index < coefficients; index += 101)
        {
            foreach (var value in new[] { Modulus, Modulus + 1, 0xfff })
            {
                yield return WithCoefficient(publicKey, index, value);
            }
        }

        if (coefficients > 0)
        {
            yield return WithCoefficient(publicKey, coefficients - 1, Modulus);
        }
    }

    /// <summary>Where only the group's half, at the end of a key or an encapsulation, is spoilt.</summary>
    public static IEnumerable<byte[]> OfGroup(KemAlgorithm algorithm, byte[] bytes)
    {
        switch (algorithm)
        {
            case KemAlgorithm.DhkemX25519 or KemAlgorithm.MlKem768X25519:
                yield return [.. bytes.AsSpan(0, bytes.Length - 32), .. new byte[32]];
                yield return [.. bytes.AsSpan(0, bytes.Length - 32), 1, .. new byte[31]];
                break;
            case KemAlgorithm.DhkemX448:
                yield return new byte[56];
                break;
            case KemAlgorithm.DhkemP256 or KemAlgorithm.MlKem768P256:
                yield return OffTheCurve(bytes);
                yield return Compressed(bytes, 65);
                break;
            case KemAlgorithm.DhkemP384 or KemAlgorithm.MlKem1024P384:
                yield return OffTheCurve(bytes);
                yield return Compressed(bytes, 97);
                break;
            case KemAlgorithm.DhkemP521:
                yield return OffTheCurve(bytes);
                yield return Compressed(bytes, 133);
                break;
            default:
                break;
        }
    }

    private static int Rank(KemAlgorithm algorithm) => algorithm switch
    {
        KemAlgorithm.MlKem512 => 2,
        KemAlgorithm.MlKem768 or KemAlgorithm.MlKem768P256 or KemAlgorithm.MlKem768X25519 => 3,
        KemAlgorithm.MlKem1024 or KemAlgorithm.MlKem1024P384 => 4,
        _ => 0,
    };

    private static byte[] WithCoefficient(byte[] key, int index, int value)
    {
        var copy = (byte[])key.Clone();
        var position = index / 2 * 3;
        if (index % 2 == 0)
        {
            copy[position] = (byte)value;
            copy[position + 1] = (byte)((copy[position + 1] & 0xf0) | (value >> 8));
        }
        else
        {
            copy[position + 1] = (byte)((copy[position + 1] & 0x0f) | ((value & 0x0f) << 4));
            copy[position + 2] = (byte)(value >> 4);
        }

        return copy;
    }

    private static byte[] OffTheCurve(byte[] bytes)
    {
        var copy = (byte[])bytes.Clone();
        copy[^1] ^= 1;
        return copy;
    }

    private static byte[] Compressed(byte[] bytes, int pointSize)
    {
        var copy = (byte[])bytes.Clone();
        copy[^pointSize] = 2;
        return copy;
    }
}
