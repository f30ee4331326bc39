using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Quicprochat.Mls.Codec;

/// <summary>
/// Reads the presentation language of RFC 9420 §2.1 out of bytes a peer may have written. Every method answers false for
/// bytes that do not parse and never throws; what it hands out are slices of the memory it was given, so that objects
/// keep the bytes they were read from. MLS structures nest to a fixed depth, so readers need no recursion limit of their own.
/// </summary>
internal ref struct Reader
{
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ReadOnlySpan<byte> _span;

    /// <summary>Starts at the first byte of <paramref name="memory"/>.</summary>
    public Reader(ReadOnlyMemory<byte> memory)
    {
        _memory = memory;
        _span = memory.Span;
    }

    /// <summary>Reads one item of a list.</summary>
    public delegate bool ItemReader<T>(ref Reader reader, [NotNullWhen(true)] out T? item)
        where T : notnull;

    /// <summary>How many bytes have been read.</summary>
    public int Position { get; private set; }

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _span.Length - Position;

    /// <summary>True when no byte is left.</summary>
    public readonly bool IsAtEnd => Remaining == 0;

    /// <summary>The bytes read since <paramref name="start"/>.</summary>
    public readonly ReadOnlyMemory<byte> Since(int start) => _memory[start..Position];

    /// <summary>The bytes not read yet.</summary>
    public readonly ReadOnlyMemory<byte> Rest => _memory[Position..];

    /// <summary>Reads a uint8.</summary>
    public bool TryReadByte(out byte value)
    {
        if (Remaining < 1)
        {
            value = 0;
            return false;
        }
        value = _span[Position++];
        return true;
    }

    /// <summary>Reads a uint16.</summary>
    public bool TryReadUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_span[Position..], out value))
        {
            return false;
        }
        Position += 2;
        return true;
    }

    /// <summary>Reads a uint32.</summary>
    public bool TryReadUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_span[Position..], out value))
        {
            return false;
        }
        Position += 4;
        return true;
    }

    /// <summary>Reads a uint64.</summary>
    public bool TryReadUInt64(out ulong value)
    {
        if (!BinaryPrimitives.TryReadUInt64BigEndian(_span[Position..], out value))
        {
            return false;
        }
        Position += 8;
        return true;
    }

    /// <summary>Reads <paramref name="count"/> bytes.</summary>
    public bool TryReadBytes(int count, out ReadOnlyMemory<byte> value)
    {
        if (count < 0 || Remaining < count)
        {
            value = default;
            return false;
        }
        value = _memory.Slice(Position, count);
        Position += count;
        return true;
    }

    /// <summary>Reads the length of a vector; only the shortest encoding is accepted.</summary>
    public bool TryReadLength(out int value)
    {
        value = 0;
        if (!TryReadByte(out byte first))
        {
            return false;
        }
        int extra = (first >> 6) switch { 0 => 0, 1 => 1, 2 => 3, _ => -1 };
        if (extra < 0 || Remaining < extra)
        {
            return false; // RFC 9420 §2.1.2: the prefix 11 is invalid.
        }
        value = first & 0x3f;
        for (int i = 0; i < extra; i++)
        {
            value = (value << 8) | _span[Position++];
        }
        return extra == ExtraBytesOf(value); // RFC 9420 §2.1.2: more bits than necessary are malformed.
    }

    /// <summary>Reads <c>opaque value&lt;V&gt;</c>.</summary>
    public bool TryReadVector(out ReadOnlyMemory<byte> value)
    {
        value = default;
        return TryReadLength(out int length) && TryReadBytes(length, out value);
    }

    /// <summary>Reads <c>T items&lt;V&gt;</c>; the items must fill the vector exactly.</summary>
    public bool TryReadList<T>(ItemReader<T> readItem, [NotNullWhen(true)] out T[]? items)
        where T : notnull
    {
        items = null;
        if (!TryReadVector(out ReadOnlyMemory<byte> bytes))
        {
            return false;
        }
        var list = new List<T>();
        var inner = new Reader(bytes);
        while (!inner.IsAtEnd)
        {
            if (!readItem(ref inner, out T? item))
            {
                return false;
            }
            list.Add(item);
        }
        items = [.. list];
        return true;
    }

    /// <summary>Reads the presence octet of <c>optional&lt;T&gt;</c>.</summary>
    public bool TryReadPresence(out bool present)
    {
        bool read = TryReadByte(out byte value);
        present = value == 1;
        return read && value <= 1; // RFC 9420 §2.1.1: any other octet is malformed.
    }

    /// <summary>How many bytes follow the first one in the encoding of the length <paramref name="value"/>.</summary>
    internal static int ExtraBytesOf(int value) => value < 0x40 ? 0 : value < 0x4000 ? 1 : 3;
}
