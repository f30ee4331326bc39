using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Quicprochat.Mls.Codec;

/// <summary>
/// Writes the presentation language of RFC 9420 §2.1, first into the scratch memory it was given, then into arrays of its own.
/// It may hold secrets: what it outgrows is zeroed at once, and <see cref="Clear"/> zeroes the rest.
/// </summary>
internal ref struct Writer
{
    /// <summary>Longest vector that can be written (RFC 9420 §2.1.2).</summary>
    public const int VectorLengthMax = (1 << 30) - 1;

    private byte[]? _array;
    private Span<byte> _span;
    private int _length;

    /// <summary>Writes into memory of its own.</summary>
    public Writer(int capacity) => _span = _array = new byte[capacity];

    /// <summary>Writes into <paramref name="scratch"/> as long as it lasts.</summary>
    public Writer(Span<byte> scratch) => _span = scratch;

    /// <summary>How many bytes have been written.</summary>
    public readonly int Length => _length;

    /// <summary>What has been written.</summary>
    public readonly ReadOnlySpan<byte> Written => _span[.._length];

    /// <summary>A copy of what has been written.</summary>
    public readonly byte[] ToArray() => Written.ToArray();

    /// <summary>What has been written, without a copy where the memory is the writer's own; the writer begins anew.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        ReadOnlyMemory<byte> taken = _array is null ? ToArray() : _array.AsMemory(0, _length);
        _array = null;
        _span = default;
        _length = 0;
        return taken;
    }

    /// <summary>Zeroes and forgets everything written.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(_span[.._length]);
        _length = 0;
    }

    /// <summary>Writes a uint8.</summary>
    public void WriteByte(byte value) => Reserve(1)[0] = value;

    /// <summary>Writes a uint16.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), value);

    /// <summary>Writes a uint32.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);

    /// <summary>Writes a uint64.</summary>
    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Reserve(8), value);

    /// <summary>Writes bytes without a length.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    /// <summary>Writes the length of a vector in its shortest form.</summary>
    public void WriteLength(int value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, VectorLengthMax);
        PutLength(Reserve(1 + Reader.ExtraBytesOf(value)), value);
    }

    /// <summary>Writes <c>opaque value&lt;V&gt;</c>.</summary>
    public void WriteVector(scoped ReadOnlySpan<byte> bytes)
    {
        WriteLength(bytes.Length);
        WriteBytes(bytes);
    }

    /// <summary>Writes <c>opaque value&lt;V&gt;</c>.</summary>
    public void WriteVector(ReadOnlyMemory<byte> bytes) => WriteVector(bytes.Span);

    /// <summary>Writes the presence octet of <c>optional&lt;T&gt;</c>.</summary>
    public void WritePresence(bool present) => WriteByte(present ? (byte)1 : (byte)0);

    /// <summary>Opens a vector whose length is not known yet; hand the result to <see cref="EndVector"/>.</summary>
    public int BeginVector()
    {
        WriteByte(0);
        return _length;
    }

    /// <summary>Closes a vector: its length is put before the content, which moves if the length is a long one.</summary>
    public void EndVector(int start)
    {
        int content = _length - start;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content, VectorLengthMax);
        int extra = Reader.ExtraBytesOf(content);
        if (extra > 0)
        {
            Reserve(extra);
            _span.Slice(start, content).CopyTo(_span[(start + extra)..]);
        }
        PutLength(_span.Slice(start - 1, 1 + extra), content);
    }

    private static void PutLength(Span<byte> destination, int value)
    {
        switch (destination.Length)
        {
            case 1:
                destination[0] = (byte)value;
                break;
            case 2:
                BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(value | 0x4000));
                break;
            default:
                BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)value | 0x8000_0000);
                break;
        }
    }

    private Span<byte> Reserve(int count)
    {
        int start = _length;
        if (count > _span.Length - start)
        {
            Grow(count);
        }
        _length = start + count;
        return _span.Slice(start, count);
    }

    private void Grow(int count)
    {
        var larger = new byte[Math.Max(_length + count, Math.Max(64, (int)Math.Min(_span.Length * 2L, Array.MaxLength)))];
        Written.CopyTo(larger);
        CryptographicOperations.ZeroMemory(_span[.._length]);
        _span = _array = larger;
    }
}
