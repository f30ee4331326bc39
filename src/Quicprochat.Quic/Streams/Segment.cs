namespace Quicprochat.Quic.Streams;

/// <summary>
/// A fixed piece of a stream: bytes <c>n * Size</c> to <c>(n + 1) * Size</c> of it. Because pieces lie on a grid, a stream's memory is
/// its window rounded up, whatever frames a peer cuts it into. Which bytes of a piece are there (or acknowledged, or lost) is one bit for each
/// byte: at most two eighths on top, with no list of gaps that an attacker could make grow.
/// </summary>
internal sealed class Segment
{
    /// <summary>Bytes in a segment.</summary>
    public const int Size = 4096;

    private ulong[]? _held;
    private ulong[]? _lost;
    private bool _isHeldUsed;
    private bool _isLostUsed;

    /// <summary>The bytes.</summary>
    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(Size);

    /// <summary>Bits of the bytes received out of order, or acknowledged out of order; empty when there are none.</summary>
    public ReadOnlySpan<ulong> Held => _isHeldUsed ? _held : default;

    /// <summary>Bits of the bytes that are to be sent again; empty when there are none.</summary>
    public ReadOnlySpan<ulong> Lost => _isLostUsed ? _lost : default;

    /// <summary>Bytes it takes in memory.</summary>
    public int MemoryUsed => Size + ((_held?.Length ?? 0) * 8) + ((_lost?.Length ?? 0) * 8);

    /// <summary>The bits of <see cref="Held"/>, to be changed.</summary>
    public Span<ulong> HeldForChange()
    {
        _held ??= new ulong[Size / 64];
        _isHeldUsed = true;
        return _held;
    }

    /// <summary>The bits of <see cref="Lost"/>, to be changed.</summary>
    public Span<ulong> LostForChange()
    {
        _lost ??= new ulong[Size / 64];
        _isLostUsed = true;
        return _lost;
    }

    /// <summary>Makes it fit for another stream.</summary>
    public void Reset()
    {
        if (_isHeldUsed)
        {
            Array.Clear(_held!);
            _isHeldUsed = false;
        }

        if (_isLostUsed)
        {
            Array.Clear(_lost!);
            _isLostUsed = false;
        }
    }
}
