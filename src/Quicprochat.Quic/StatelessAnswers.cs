namespace Quicprochat.Quic;

/// <summary>
/// Datagrams that answer unknown peers: Version Negotiation, Retry, refusals, stateless resets. A bounded ring of reused buffers;
/// when it is full the newest is dropped, which a flood deserves and a loss-tolerant client survives.
/// </summary>
internal sealed class StatelessAnswers
{
    private const int Capacity = 128;

    private readonly byte[]?[] _buffers = new byte[Capacity][];
    private readonly (NetworkPath Path, int Length)[] _entries = new (NetworkPath, int)[Capacity];
    private int _head;
    private int _count;

    /// <summary>A buffer to write the next answer into, empty when the ring is full. <see cref="Commit"/> queues it.</summary>
    public Span<byte> Reserve() => _count == Capacity ? default : _buffers[(_head + _count) % Capacity] ??= new byte[1280];

    /// <summary>Queues what was written into the reserved buffer.</summary>
    public void Commit(in NetworkPath path, int length)
    {
        if (length > 0 && _count < Capacity)
        {
            _entries[(_head + _count) % Capacity] = (path, length);
            _count++;
        }
    }

    /// <summary>The oldest answer.</summary>
    public bool TryTake(Span<byte> buffer, out Transmit transmit)
    {
        if (_count == 0)
        {
            transmit = default;
            return false;
        }
        (NetworkPath path, int length) = _entries[_head];
        _buffers[_head].AsSpan(0, length).CopyTo(buffer);
        _head = (_head + 1) % Capacity;
        _count--;
        transmit = new Transmit(path, length, length, Ecn.NotEct);
        return true;
    }
}
