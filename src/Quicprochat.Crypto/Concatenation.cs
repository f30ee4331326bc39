using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Quicprochat.Crypto;

/// <summary>
/// Joins byte strings for a primitive that wants its input in one piece: on the stack when it fits the span given, else in a rented array.
/// Disposing zeroes both, since the pieces are often secret.
/// </summary>
internal ref struct Concatenation(Span<byte> stack)
{
    private Span<byte> _buffer = stack;
    private byte[]? _rented;
    private int _length;

    public readonly ReadOnlySpan<byte> Span => _buffer[.._length];

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
    }

    public void Append(byte value) => Reserve(1)[0] = value;

    public void AppendUInt16(int value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), checked((ushort)value));

    public void Truncate(int length) => _length = Math.Min(_length, length);

    public Span<byte> Reserve(int count)
    {
        if (count > _buffer.Length - _length)
        {
            Grow(checked(_length + count));
        }

        var span = _buffer.Slice(_length, count);
        _length += count;
        return span;
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_buffer);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }

        _buffer = default;
        _length = 0;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _buffer.Length * 2));
        _buffer[.._length].CopyTo(larger);
        CryptographicOperations.ZeroMemory(_buffer);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }

        _rented = larger;
        _buffer = larger;
    }
}
