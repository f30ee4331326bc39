using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Operations;

/// <summary>Small changes of bytes, such as wear, tear and attackers make.</summary>
internal static class Mutation
{
    private static readonly byte[] _interesting = [0x00, 0x01, 0x3f, 0x40, 0x7f, 0x80, 0xbf, 0xc0, 0xc3, 0xff];

    /// <summary><paramref name="bytes"/> after one to four changes: bytes flipped, set, cut out, repeated, cut off, or added. May change it in place.</summary>
    public static byte[] Of(byte[] bytes, SeededRandom random)
    {
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            bytes = Once(bytes, random);
        }
        return bytes;
    }

    private static byte[] Once(byte[] bytes, SeededRandom random)
    {
        if (bytes.Length == 0)
        {
            return [random.Pick<byte>(_interesting)];
        }
        // Headers are at the front and deserve most of the attention.
        int at = random.Chance(0.6) ? random.Next(Math.Min(bytes.Length, 50)) : random.Next(bytes.Length);
        int count = 1 + random.Next(Math.Min(16, bytes.Length - at));
        switch (random.Next(7))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = random.Pick<byte>(_interesting);
                return bytes;
            case 2:
                random.Fill(bytes.AsSpan(at, count));
                return bytes;
            case 3:
                return [.. bytes[..at], .. bytes[(at + count)..]];
            case 4:
                return [.. bytes[..(at + count)], .. bytes[at..]];
            case 5:
                return bytes[..at];
            default:
                byte[] more = new byte[count];
                random.Fill(more);
                return [.. bytes[..at], .. more, .. bytes[at..]];
        }
    }
}
