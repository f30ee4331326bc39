using System.Buffers.Binary;

namespace Quicprochat.Server.KeyPackages;

/// <summary>
/// The little of RFC 9420 §2.1 that a key package needs, over bytes a client may have written: false for what does not parse, never an exception, and no allocation. The server names no
/// MLS code, so that it can hold none that decrypts.
/// </summary>
internal ref struct MlsReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>How many bytes have been read.</summary>
    public int Position { get; private set; }

    /// <summary>True when no byte is left.</summary>
    public readonly bool IsAtEnd => Position == _bytes.Length;

    private readonly int Remaining => _bytes.Length - Position;

    /// <summary>The bytes read since <paramref name="start"/>.</summary>
    public readonly ReadOnlySpan<byte> Since(int start) => _bytes[start..Position];

    /// <summary>Reads a uint8.</summary>
    public bool TryReadByte(out byte value)
    {
        value = 0;
        if (Remaining < 1)
        {
            return false;
        }
        value = _bytes[Position++];
        return true;
    }

    /// <summary>Reads a uint16.</summary>
    public bool TryReadUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_bytes[Position..], out value))
        {
            return false;
        }
        Position += 2;
        return true;
    }

    /// <summary>Reads a uint64.</summary>
    public bool TryReadUInt64(out ulong value)
    {
        if (!BinaryPrimitives.TryReadUInt64BigEndian(_bytes[Position..], out value))
        {
            return false;
        }
        Position += 8;
        return true;
    }

    /// <summary>Reads <c>opaque value&lt;V&gt;</c>.</summary>
    public bool TryReadVector(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryReadLength(out int length) || Remaining < length)
        {
            return false;
        }
        value = _bytes.Slice(Position, length);
        Position += length;
        return true;
    }

    private bool TryReadLength(out int value)
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
            value = (value << 8) | _bytes[Position++];
        }
        int needed = value < 0x40 ? 0 : value < 0x4000 ? 1 : 3;
        return extra == needed; // RFC 9420 §2.1.2: more bits than necessary are malformed.
    }
}
