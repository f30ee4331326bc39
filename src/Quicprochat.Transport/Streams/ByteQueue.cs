using System.Buffers;

namespace Quicprochat.Transport.Streams;

/// <summary>Bytes on their way between a stream's user and the loop, in one rented array that grows up to a bound and is given back when empty.</summary>
internal struct ByteQueue
{
    private const int FirstSize = 4096;

    private byte[]? _array;
    private int _start;
    private int _end;

    public readonly int Count => _end - _start;

    public readonly ReadOnlySpan<byte> Front => _array.AsSpan(_start, Count);

    /// <summary>Room for at least one and at most <paramref name="bound"/> - <see cref="Count"/> bytes; empty when the queue holds as many. <see cref="Advance"/> keeps what was written.</summary>
    public Span<byte> Free(int bound, int wanted)
    {
        int room = bound - Count;
        if (room <= 0)
        {
            return [];
        }
        wanted = Math.Min(wanted, room);
        if (_array is null || _array.Length - _end < wanted)
        {
            Reserve(Count + wanted);
        }
        return _array.AsSpan(_end, Math.Min(_array!.Length - _end, room));
    }

    public void Advance(int count) => _end += count;

    /// <summary>Appends as much of <paramref name="bytes"/> as fits below <paramref name="bound"/>; returns how much.</summary>
    public int Append(ReadOnlySpan<byte> bytes, int bound)
    {
        Span<byte> free = Free(bound, bytes.Length);
        int count = Math.Min(free.Length, bytes.Length);
        bytes[..count].CopyTo(free);
        _end += count;
        return count;
    }

    /// <summary>Takes bytes off the front; returns how many.</summary>
    public int Take(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, Count);
        Front[..count].CopyTo(destination);
        Remove(count);
        return count;
    }

    public void Remove(int count)
    {
        _start += count;
        if (_start == _end)
        {
            Clear();
        }
    }

    /// <summary>Drops everything and gives the array back.</summary>
    public void Clear()
    {
        if (_array is not null)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }
        _array = null;
        _start = _end = 0;
    }

    private void Reserve(int size)
    {
        int count = Count;
        if (_array is not null && size <= _array.Length)
        {
            Front.CopyTo(_array);
        }
        else
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstSize, size));
            Front.CopyTo(larger);
            Clear();
            _array = larger;
        }
        _start = 0;
        _end = count;
    }
}
