namespace Quicprochat.Mls.Credentials;

/// <summary>Finds the public key in a DER certificate (RFC 5280 §4.1); the path and its trust are the application's to judge.</summary>
internal static class EndEntityKey
{
    private const byte Sequence = 0x30;
    private const byte BitString = 0x03;
    private const byte Version = 0xA0;

    /// <summary>The content of subjectPublicKey; false when the bytes are not laid out as a certificate.</summary>
    public static bool TryFind(ReadOnlySpan<byte> certificate, out ReadOnlySpan<byte> key)
    {
        key = default;
        if (!TryTake(ref certificate, out byte tag, out ReadOnlySpan<byte> body) || tag != Sequence
            || !TryTake(ref body, out tag, out ReadOnlySpan<byte> tbs) || tag != Sequence)
        {
            return false;
        }
        if (tbs.Length > 0 && tbs[0] == Version && !TryTake(ref tbs, out _, out _))
        {
            return false;
        }
        // serialNumber, signature, issuer, validity, subject come before subjectPublicKeyInfo.
        for (int i = 0; i < 5; i++)
        {
            if (!TryTake(ref tbs, out _, out _))
            {
                return false;
            }
        }
        if (!TryTake(ref tbs, out tag, out ReadOnlySpan<byte> info) || tag != Sequence
            || !TryTake(ref info, out tag, out _) || tag != Sequence
            || !TryTake(ref info, out tag, out ReadOnlySpan<byte> bits) || tag != BitString
            || bits.Length < 1 || bits[0] != 0)
        {
            return false;
        }
        key = bits[1..];
        return true;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> der, out byte tag, out ReadOnlySpan<byte> content)
    {
        tag = 0;
        content = default;
        if (der.Length < 2)
        {
            return false;
        }
        tag = der[0];
        int length = der[1];
        int header = 2;
        if (length >= 0x80)
        {
            int count = length & 0x7f;
            if (count is 0 or > 3 || der.Length < 2 + count)
            {
                return false;
            }
            length = 0;
            for (int i = 0; i < count; i++)
            {
                length = (length << 8) | der[2 + i];
            }
            header += count;
        }
        if (der.Length - header < length)
        {
            return false;
        }
        content = der.Slice(header, length);
        der = der[(header + length)..];
        return true;
    }
}
