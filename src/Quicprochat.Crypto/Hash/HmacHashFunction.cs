using System.Security.Cryptography;

namespace Quicprochat.Crypto.Hash;

/// <summary>HKDF (RFC 5869) over the HMAC that a back end supplies.</summary>
internal abstract class HmacHashFunction(HashAlgorithm algorithm) : HashFunction
{
    // A T(i), a label as TLS or MLS write it, and the counter fit; a longer info is rented.
    private const int StackSize = 256;

    public sealed override HashAlgorithm Algorithm => algorithm;

    public sealed override int Size { get; } = algorithm switch
    {
        HashAlgorithm.Sha256 => 32,
        HashAlgorithm.Sha384 => 48,
        HashAlgorithm.Sha512 => 64,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    public sealed override void Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> ikm, Span<byte> prk) => Hmac(salt, ikm, prk);

    public sealed override void Expand(ReadOnlySpan<byte> prk, ReadOnlySpan<byte> info, Span<byte> okm)
    {
        if (okm.Length > 255 * Size)
        {
            throw new ArgumentException("More than 255 blocks were asked for (RFC 5869 §2.3).", nameof(okm));
        }

        Span<byte> block = stackalloc byte[SizeMax];
        block = block[..Size];
        var input = new Concatenation(stackalloc byte[StackSize]);
        for (byte counter = 1; !okm.IsEmpty; counter++)
        {
            input.Append(info);
            input.Append(counter);
            Hmac(prk, input.Span, block);
            var taken = Math.Min(block.Length, okm.Length);
            block[..taken].CopyTo(okm);
            okm = okm[taken..];
            input.Truncate(0);
            input.Append(block);
            if (counter == 255)
            {
                break;
            }
        }

        CryptographicOperations.ZeroMemory(block);
        input.Dispose();
    }
}
