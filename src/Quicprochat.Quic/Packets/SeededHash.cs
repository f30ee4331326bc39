using System.Buffers.Binary;
using Quicprochat.Crypto;

namespace Quicprochat.Quic.Packets;

/// <summary>
/// Hash codes for values that peers choose. Multilinear hashing over random 64-bit keys: two different inputs collide with
/// probability 2^-32 whatever the peer tries, which <see cref="HashCode"/> does not give (a <see cref="ulong"/> is folded before it is
/// mixed, so collisions are free). The keys decide nothing but the place in a hash table, so a replayed simulation stays the same.
/// </summary>
internal static class SeededHash
{
    private static readonly ulong[] _keys = DrawKeys();

    /// <summary>The hash code of six 32-bit words.</summary>
    public static int Of(ulong first, ulong second, uint third, uint fourth)
    {
        ulong[] k = _keys;
        unchecked
        {
            ulong sum = k[0]
                + (k[1] * (uint)first) + (k[2] * (first >> 32))
                + (k[3] * (uint)second) + (k[4] * (second >> 32))
                + (k[5] * third) + (k[6] * fourth);
            return (int)(sum >> 32);
        }
    }

    private static ulong[] DrawKeys()
    {
        var keys = new ulong[7];
        Span<byte> bytes = stackalloc byte[keys.Length * sizeof(ulong)];
        SystemRandomSource.Instance.Fill(bytes);
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * sizeof(ulong))..]);
        }
        return keys;
    }
}
