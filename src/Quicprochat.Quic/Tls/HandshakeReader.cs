using System.Buffers.Binary;

namespace Quicprochat.Quic.Tls;

/// <summary>Reads TLS presentation language (RFC 9846 §3) from bytes a peer sent; false stands for "too short".</summary>
internal ref struct HandshakeReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsEmpty => _rest.IsEmpty;

    public bool TryReadByte(out byte value)
    {
        bool read = TryReadBytes(1, out ReadOnlySpan<byte> bytes);
        value = read ? bytes[0] : default;
        return read;
    }

    public bool TryReadUInt16(out ushort value)
    {
        bool read = TryReadBytes(2, out ReadOnlySpan<byte> bytes);
        value = read ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : default;
        return read;
    }

    public bool TryReadUInt24(out int value)
    {
        bool read = TryReadBytes(3, out ReadOnlySpan<byte> bytes);
        value = read ? (bytes[0] << 16) | (bytes[1] << 8) | bytes[2] : default;
        return read;
    }

    public bool TryReadBytes(int count, out ReadOnlySpan<byte> bytes)
    {
        if (_rest.Length < count)
        {
            bytes = default;
            return false;
        }

        bytes = _rest[..count];
        _rest = _rest[count..];
        return true;
    }

    /// <summary>A vector whose length takes one byte.</summary>
    public bool TryReadVector8(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        return TryReadByte(out byte length) && TryReadBytes(length, out bytes);
    }

    /// <summary>A vector whose length takes two bytes.</summary>
    public bool TryReadVector16(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        return TryReadUInt16(out ushort length) && TryReadBytes(length, out bytes);
    }

    /// <summary>One extension: its type and its data.</summary>
    public bool TryReadExtension(out ushort type, out ReadOnlySpan<byte> data)
    {
        data = default;
        return TryReadUInt16(out type) && TryReadVector16(out data);
    }
}
