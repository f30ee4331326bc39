using Quicprochat.Crypto;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// The reserved values that keep other implementations tolerant (RFC 9420 §13.5). They are only ever sent: nothing that
/// receives treats them apart from other unknown values.
/// </summary>
internal static class Grease
{
    /// <summary>One of 0x0A0A, 0x1A1A, … 0xEAEA.</summary>
    public static ushort Draw(IRandomSource random)
    {
        Span<byte> drawn = stackalloc byte[1];
        do
        {
            random.Fill(drawn);
        }
        while (drawn[0] >= 15 * 17); // 255 values are 15 times 17: no value is likelier than another.
        return (ushort)(((drawn[0] % 15) << 12) | 0x0A00 | ((drawn[0] % 15) << 4) | 0x000A);
    }

    /// <summary>An extension of a reserved type with 0 to 15 random bytes.</summary>
    public static Extension DrawExtension(IRandomSource random)
    {
        Span<byte> length = stackalloc byte[1];
        random.Fill(length);
        byte[] data = new byte[length[0] & 0x0f];
        random.Fill(data);
        return new Extension((ExtensionType)Draw(random), data);
    }
}
