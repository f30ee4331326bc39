using System.Buffers;

namespace Quicprochat.Rpc.Framing;

/// <summary>
/// Bytes of a frame as they come, in a rented array that grows with what really came, never with what a length field promises.
/// Not cleared: what passes here is ciphertext to the server and was ciphertext on the wire.
/// </summary>
internal sealed class FrameBuffer : IDisposable
{
    private const int First = 4096;

    private byte[]? _array;

    /// <summary>Bytes that came.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<byte> Span => _array.AsSpan(0, Count);

    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, Count);

    /// <summary>Room for at least one more byte.</summary>
    public Memory<byte> GetMemory()
    {
        if (_array is null)
        {
            _array = ArrayPool<byte>.Shared.Rent(First);
        }
        else if (Count == _array.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_array.Length * 2);
            _array.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(_array);
            _array = larger;
        }
        return _array.AsMemory(Count);
    }

    public void Advance(int count) => Count += count;

    /// <summary>Drops the first <paramref name="count"/> bytes.</summary>
    public void Consume(int count)
    {
        Count -= count;
        _array.AsSpan(count, Count).CopyTo(_array);
    }

    public void Dispose()
    {
        if (_array is { } array)
        {
            _array = null;
            Count = 0;
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
