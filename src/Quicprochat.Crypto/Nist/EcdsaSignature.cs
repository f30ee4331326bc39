namespace Quicprochat.Crypto.Nist;

/// <summary>
/// The DER form of an ECDSA signature (RFC 3279 §2.2.3), read strictly: shortest lengths, shortest positive integers, nothing behind.
/// One reader for every back end, because signatures that only some accept would divide a group.
/// </summary>
internal static class EcdsaSignature
{
    private const byte Sequence = 0x30;
    private const byte Integer = 0x02;

    /// <summary>Longest signature with scalars of <paramref name="scalarSize"/> bytes.</summary>
    public static int SizeMax(int scalarSize)
    {
        // P-521 scalars fill only one bit of their first byte, so no leading zero is ever added to them.
        var integer = 2 + scalarSize + (scalarSize == 66 ? 0 : 1);
        var content = 2 * integer;
        return content + (content < 0x80 ? 2 : 3);
    }

    /// <summary>Reads r and s into the two halves of <paramref name="scalars"/>, big-endian.</summary>
    public static bool TryRead(ReadOnlySpan<byte> der, Span<byte> scalars)
    {
        var half = scalars.Length / 2;
        return TryReadHeader(ref der, Sequence, out var length)
            && length == der.Length
            && TryReadInteger(ref der, scalars[..half])
            && TryReadInteger(ref der, scalars[half..])
            && der.IsEmpty;
    }

    /// <summary>Writes r and s, the two halves of <paramref name="scalars"/>; returns the length.</summary>
    public static int Write(ReadOnlySpan<byte> scalars, Span<byte> der)
    {
        var r = Shortest(scalars[..(scalars.Length / 2)]);
        var s = Shortest(scalars[(scalars.Length / 2)..]);
        var content = IntegerSize(r) + IntegerSize(s);
        var position = 0;
        der[position++] = Sequence;
        if (content >= 0x80)
        {
            der[position++] = 0x81;
        }

        der[position++] = (byte)content;
        WriteInteger(r, der, ref position);
        WriteInteger(s, der, ref position);
        return position;
    }

    private static bool TryReadHeader(ref ReadOnlySpan<byte> der, byte tag, out int length)
    {
        length = 0;
        if (der.Length < 2 || der[0] != tag)
        {
            return false;
        }

        if (der[1] < 0x80)
        {
            length = der[1];
            der = der[2..];
            return true;
        }

        // No signature here is longer than 255 bytes, and the short form must be used where it can be.
        if (der[1] != 0x81 || der.Length < 3 || der[2] < 0x80)
        {
            return false;
        }

        length = der[2];
        der = der[3..];
        return true;
    }

    private static bool TryReadInteger(ref ReadOnlySpan<byte> der, Span<byte> scalar)
    {
        if (!TryReadHeader(ref der, Integer, out var length) || length == 0 || length > der.Length)
        {
            return false;
        }

        var value = der[..length];
        der = der[length..];
        if (value[0] >= 0x80)
        {
            return false; // negative
        }

        if (value[0] == 0 && value.Length > 1)
        {
            value = value[1..];
            if (value[0] < 0x80)
            {
                return false; // a zero that the sign does not need
            }
        }

        if (value.Length > scalar.Length)
        {
            return false;
        }

        scalar.Clear();
        value.CopyTo(scalar[^value.Length..]);
        return true;
    }

    private static ReadOnlySpan<byte> Shortest(ReadOnlySpan<byte> scalar)
    {
        var start = scalar.IndexOfAnyExcept((byte)0);
        return start < 0 ? scalar[^1..] : scalar[start..];
    }

    private static int IntegerSize(ReadOnlySpan<byte> value) => 2 + value.Length + (value[0] >> 7);

    private static void WriteInteger(ReadOnlySpan<byte> value, Span<byte> der, ref int position)
    {
        der[position++] = Integer;
        der[position++] = (byte)(value.Length + (value[0] >> 7));
        if (value[0] >= 0x80)
        {
            der[position++] = 0;
        }

        value.CopyTo(der[position..]);
        position += value.Length;
    }
}
