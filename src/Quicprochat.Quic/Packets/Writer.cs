using System.Buffers.Binary;

namespace Quicprochat.Quic.Packets;

/// <summary>
/// Writes fields into a buffer that the caller has found large enough: running over its end is a bug of ours and throws.
/// </summary>
internal ref struct Writer
{
    private readonly Span<byte> _buffer;
    private int _position;

    public Writer(Span<byte> buffer) => _buffer = buffer;

    /// <summary>Bytes written so far.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes that still fit.</summary>
    public readonly int Free => _buffer.Length - _position;

    /// <summary>What has been written.</summary>
    public readonly Span<byte> Written => _buffer[.._position];

    public void WriteByte(byte value) => _buffer[_position++] = value;

    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[_position..], value);
        _position += sizeof(ushort);
    }

    public void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_buffer[_position..], value);
        _position += sizeof(uint);
    }

    public void WriteUInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_buffer[_position..], value);
        _position += sizeof(ulong);
    }

    /// <summary>A variable-length integer in its shortest form (RFC 9000 §16).</summary>
    public void WriteVarInt(long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unchecked((ulong)value), (ulong)VarInt.Max, nameof(value));
        switch (value)
        {
            case <= 63:
                WriteByte((byte)value);
                break;
            case <= VarInt.Max2:
                WriteUInt16((ushort)(0x4000 | value));
                break;
            case <= VarInt.Max4:
                WriteUInt32((uint)(0x8000_0000 | value));
                break;
            default:
                WriteUInt64(0xC000_0000_0000_0000 | (ulong)value);
                break;
        }
    }

    /// <summary>A variable-length integer in the two-byte form, to be patched later with <see cref="VarInt.Patch2"/>.</summary>
    public void WriteVarInt2(int value) => VarInt.Patch2(Reserve(2), value);

    /// <summary>A variable-length integer in the four-byte form, to be patched later with <see cref="VarInt.Patch4"/>.</summary>
    public void WriteVarInt4(int value) => VarInt.Patch4(Reserve(4), value);

    public void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer[_position..]);
        _position += bytes.Length;
    }

    /// <summary>Bytes, and before them their number as a variable-length integer.</summary>
    public void WriteVarIntBytes(scoped ReadOnlySpan<byte> bytes)
    {
        WriteVarInt(bytes.Length);
        WriteBytes(bytes);
    }

    public void WriteConnectionId(in ConnectionId id) => id.CopyTo(Reserve(id.Length));

    public void WriteResetToken(in StatelessResetToken token) => token.CopyTo(Reserve(StatelessResetToken.Size));

    /// <summary>The next <paramref name="count"/> bytes, for the caller to fill; they count as written.</summary>
    public Span<byte> Reserve(int count)
    {
        Span<byte> reserved = _buffer.Slice(_position, count);
        _position += count;
        return reserved;
    }
}
