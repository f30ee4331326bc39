using System.Numerics;

namespace Quicprochat.Quic.Streams;

/// <summary>Datagrams in order of arrival, copied into one ring of bytes that grows to a bound and shrinks again when it stays little used.</summary>
internal sealed class DatagramRing
{
    private const int FirstBytes = 4096;
    private const int QuietTimes = 64;

    private readonly int _maxCount;
    private readonly int _maxBytes;
    private readonly Queue<int> _lengths = new();
    private byte[] _bytes = [];
    private int _head;
    private int _peak;
    private int _quiet;

    /// <summary>Holds at most so many datagrams, and so many bytes (rounded up to a power of two).</summary>
    public DatagramRing(int maxCount, int maxBytes)
    {
        _maxCount = maxCount;
        _maxBytes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(maxBytes, FirstBytes));
    }

    /// <summary>Datagrams held.</summary>
    public int Count => _lengths.Count;

    /// <summary>Bytes of datagrams held.</summary>
    public int Bytes { get; private set; }

    /// <summary>Bytes of memory held.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>The length of the oldest; there is one.</summary>
    public int FirstLength => _lengths.Peek();

    /// <summary>True when a datagram of this length could be added now.</summary>
    public bool HasRoom(int length) => _lengths.Count < _maxCount && length <= _maxBytes - Bytes;

    /// <summary>Appends one; false when it does not fit.</summary>
    public bool TryAdd(ReadOnlySpan<byte> payload)
    {
        if (!HasRoom(payload.Length))
        {
            return false;
        }

        if (payload.Length > _bytes.Length - Bytes)
        {
            Resize((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(FirstBytes, Bytes + payload.Length)));
        }

        int start = (_head + Bytes) & (_bytes.Length - 1);
        int first = Math.Min(payload.Length, _bytes.Length - start);
        payload[..first].CopyTo(_bytes.AsSpan(start));
        payload[first..].CopyTo(_bytes);
        Bytes += payload.Length;
        _lengths.Enqueue(payload.Length);
        _peak = Math.Max(_peak, Bytes);
        return true;
    }

    /// <summary>Copies the oldest, which is as long as <paramref name="destination"/>, and removes it.</summary>
    public void Take(Span<byte> destination)
    {
        int first = Math.Min(destination.Length, _bytes.Length - _head);
        _bytes.AsSpan(_head, first).CopyTo(destination);
        _bytes.AsSpan(0, destination.Length - first).CopyTo(destination[first..]);
        Drop();
    }

    /// <summary>Removes the oldest.</summary>
    public void Drop()
    {
        int length = _lengths.Dequeue();
        Bytes -= length;
        _head = Bytes == 0 ? 0 : (_head + length) & (_bytes.Length - 1);
        if (_lengths.Count == 0)
        {
            ShrinkAfterQuiet();
        }
    }

    /// <summary>Frees everything.</summary>
    public void Clear()
    {
        _lengths.Clear();
        _lengths.TrimExcess();
        _bytes = [];
        Bytes = 0;
        _head = 0;
    }

    private void ShrinkAfterQuiet()
    {
        _quiet++;
        if (_quiet < QuietTimes)
        {
            return;
        }

        if (_peak * 8 <= _bytes.Length && _bytes.Length > FirstBytes)
        {
            Resize(Math.Max(FirstBytes, _bytes.Length / 4));
        }

        _quiet = 0;
        _peak = 0;
    }

    private void Resize(int size)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(size);
        int first = Math.Min(Bytes, _bytes.Length - _head);
        _bytes.AsSpan(_head, first).CopyTo(bytes);
        _bytes.AsSpan(0, Bytes - first).CopyTo(bytes.AsSpan(first));
        _bytes = bytes;
        _head = 0;
    }
}
