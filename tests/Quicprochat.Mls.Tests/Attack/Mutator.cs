namespace Quicprochat.Mls.Tests.Attack;

/// <summary>Makes wrong messages of right ones, the same ones for the same seed.</summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> corpus)
{
    private readonly Random _random = new(seed);

    /// <summary>Every byte of a message changed once by one bit, then as many wilder ones as asked for.</summary>
    public IEnumerable<byte[]> All(byte[] message, int wild)
    {
        for (int i = 0; i < message.Length; i++)
        {
            byte[] copy = [.. message];
            copy[i] ^= (byte)(1 << _random.Next(8));
            yield return copy;
        }
        for (int i = 0; i < wild; i++)
        {
            byte[] mutant = Wild(message);
            if (!mutant.AsSpan().SequenceEqual(message))
            {
                yield return mutant;
            }
        }
    }

    private byte[] Wild(byte[] message)
    {
        int at = _random.Next(message.Length);
        return _random.Next(8) switch
        {
            0 => message[..at],
            1 => [.. message, .. Junk(1 + _random.Next(20))],
            2 => [.. message[..at], .. Junk(1 + _random.Next(8)), .. message[at..]],
            3 => [.. message[..at], .. message[Math.Min(message.Length, at + 1 + _random.Next(8))..]],
            4 => Overwrite(message, at, LargeLength()),
            5 => Overwrite(message, at, new byte[1 + _random.Next(40)]),
            6 => Splice(message, corpus[_random.Next(corpus.Count)]),
            _ => Several(message),
        };
    }

    /// <summary>The beginnings of vectors that are longer than any message, and of the two encodings that are not allowed.</summary>
    private byte[] LargeLength() => _random.Next(5) switch
    {
        0 => [0xBF, 0xFF, 0xFF, 0xFF],
        1 => [0x80, 0x00, 0x00, 0x01],
        2 => [0x7F, 0xFF],
        3 => [0xC0, 0x00, 0x00, 0x00],
        _ => [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
    };

    private static byte[] Overwrite(byte[] message, int at, byte[] with)
    {
        byte[] copy = [.. message];
        with.AsSpan(0, Math.Min(with.Length, copy.Length - at)).CopyTo(copy.AsSpan(at));
        return copy;
    }

    private byte[] Splice(byte[] first, byte[] second)
    {
        int cut = _random.Next(Math.Min(first.Length, second.Length));
        return [.. first[..cut], .. second[cut..]];
    }

    private byte[] Several(byte[] message)
    {
        byte[] copy = [.. message];
        for (int i = 2 + _random.Next(10); i > 0; i--)
        {
            copy[_random.Next(copy.Length)] = (byte)_random.Next(256);
        }
        return copy;
    }

    private byte[] Junk(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }
}
