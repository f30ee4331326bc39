using System.Buffers.Binary;

namespace Quicprochat.Quic.Packets;

/// <summary>
/// Reads fields from bytes a peer sent. Total: a field that is not all there gives false and moves nothing.
/// </summary>
internal ref struct Reader
{
    private readonly ReadOnlySpan<byte> _buffer;
    private int _position;

    public Reader(ReadOnlySpan<byte> buffer) => _buffer = buffer;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes still to read.</summary>
    public readonly int Remaining => _buffer.Length - _position;

    /// <summary>True when everything has been read.</summary>
    public readonly bool IsAtEnd => _position == _buffer.Length;

    /// <summary>The bytes still to read; nothing moves.</summary>
    public readonly ReadOnlySpan<byte> Rest => _buffer[_position..];

    /// <summary>The bytes read since <paramref name="position"/>, an earlier <see cref="Position"/>.</summary>
    public readonly ReadOnlySpan<byte> Since(int position) => _buffer[position.._position];

    public bool TryReadByte(out byte value)
    {
        if (Remaining < 1)
        {
            value = 0;
            return false;
        }
        value = _buffer[_position++];
        return true;
    }

    public bool TryReadUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_buffer[_position..], out value))
        {
            return false;
        }
        _position += sizeof(ushort);
        return true;
    }

    public bool TryReadUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_buffer[_position..], out value))
        {
            return false;
        }
        _position += sizeof(uint);
        return true;
    }

    public bool TryReadUInt64(out ulong value)
    {
        if (!BinaryPrimitives.TryReadUInt64BigEndian(_buffer[_position..], out value))
        {
            return false;
        }
        _position += sizeof(ulong);
        return true;
    }

    /// <summary>A variable-length integer in any of its forms (RFC 9000 §16).</summary>
    public bool TryReadVarInt(out long value)
    {
        ReadOnlySpan<byte> rest = _buffer[_position..];
        value = 0;
        if (rest.IsEmpty)
        {
            return false;
        }
        int size = 1 << (rest[0] >> 6);
        if (size > rest.Length)
        {
            return false;
        }
        value = size switch
        {
            1 => rest[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(rest) & VarInt.Max2,
            4 => BinaryPrimitives.ReadUInt32BigEndian(rest) & VarInt.Max4,
            _ => BinaryPrimitives.ReadInt64BigEndian(rest) & VarInt.Max,
        };
        _position += size;
        return true;
    }

    public bool TryReadBytes(int count, out ReadOnlySpan<byte> bytes)
    {
        if (count < 0 || count > Remaining)
        {
            bytes = default;
            return false;
        }
        bytes = _buffer.Slice(_position, count);
        _position += count;
        return true;
    }

    /// <summary>Bytes behind a variable-length integer that counts them.</summary>
    public bool TryReadVarIntBytes(out ReadOnlySpan<byte> bytes)
    {
        int start = _position;
        if (TryReadVarInt(out long length) && length <= Remaining)
        {
            return TryReadBytes((int)length, out bytes);
        }
        _position = start;
        bytes = default;
        return false;
    }

    /// <summary>A connection id of <paramref name="length"/> bytes; false beyond 20.</summary>
    public bool TryReadConnectionId(int length, out ConnectionId id)
    {
        if (length > ConnectionId.MaxLength || !TryReadBytes(length, out ReadOnlySpan<byte> bytes))
        {
            id = default;
            return false;
        }
        id = ConnectionId.From(bytes);
        return true;
    }

    public bool TryReadResetToken(out StatelessResetToken token)
    {
        if (!TryReadBytes(StatelessResetToken.Size, out ReadOnlySpan<byte> bytes))
        {
            token = default;
            return false;
        }
        token = StatelessResetToken.From(bytes);
        return true;
    }

    /// <summary>Passes over bytes equal to <paramref name="value"/> and gives their number.</summary>
    public int SkipRun(byte value)
    {
        ReadOnlySpan<byte> rest = _buffer[_position..];
        int count = rest.IndexOfAnyExcept(value);
        count = count < 0 ? rest.Length : count;
        _position += count;
        return count;
    }
}
