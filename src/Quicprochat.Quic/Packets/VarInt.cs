using System.Buffers.Binary;

namespace Quicprochat.Quic.Packets;

/// <summary>Variable-length integers (RFC 9000 §16): the two highest bits of the first byte say whether 1, 2, 4 or 8 bytes hold the value.</summary>
internal static class VarInt
{
    /// <summary>The largest value, 2^62-1.</summary>
    public const long Max = (1L << 62) - 1;

    /// <summary>The largest value of the two-byte form.</summary>
    public const int Max2 = (1 << 14) - 1;

    /// <summary>The largest value of the four-byte form.</summary>
    public const int Max4 = (1 << 30) - 1;

    /// <summary>Bytes of the shortest encoding of <paramref name="value"/>.</summary>
    public static int SizeOf(long value) => value switch
    {
        <= 63 => 1,
        <= Max2 => 2,
        <= Max4 => 4,
        _ => 8,
    };

    /// <summary>Overwrites two bytes with <paramref name="value"/> in the two-byte form, for a length that is known only later.</summary>
    public static void Patch2(Span<byte> destination, int value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unchecked((uint)value), (uint)Max2, nameof(value));
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(0x4000 | value));
    }

    /// <summary>Overwrites four bytes with <paramref name="value"/> in the four-byte form.</summary>
    public static void Patch4(Span<byte> destination, int value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unchecked((uint)value), (uint)Max4, nameof(value));
        BinaryPrimitives.WriteUInt32BigEndian(destination, 0x8000_0000 | (uint)value);
    }
}
