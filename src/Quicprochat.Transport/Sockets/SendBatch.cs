using Quicprochat.Quic;

namespace Quicprochat.Transport.Sockets;

/// <summary>A pinned buffer of transmits on their way out, in order. What the socket could not take yet stays in front.</summary>
internal sealed class SendBatch
{
    /// <summary>Most bytes one transmit may have: what UDP_SEGMENT takes, with some room.</summary>
    public const int TransmitSizeMax = 64_000;

    /// <summary>Transmits in one batch.</summary>
    public const int Capacity = 32;

    private readonly Transmit[] _transmits = new Transmit[Capacity];
    private readonly int[] _offsets = new int[Capacity];
    private int _next;
    private int _count;
    private int _used;

    public byte[] Buffer { get; } = GC.AllocateUninitializedArray<byte>(2 * TransmitSizeMax, pinned: true);

    /// <summary>Transmits not yet sent.</summary>
    public int Count => _count - _next;

    public bool IsEmpty => _next == _count;

    /// <summary>False when it is time to send: full by number or by bytes.</summary>
    public bool HasRoom => _count < Capacity && Buffer.Length - _used >= TransmitSizeMax;

    /// <summary>Where the next transmit is to be written.</summary>
    public Span<byte> Free => Buffer.AsSpan(_used, TransmitSizeMax);

    /// <summary>The <paramref name="index"/>-th transmit not yet sent.</summary>
    public ref readonly Transmit this[int index] => ref _transmits[_next + index];

    public int OffsetOf(int index) => _offsets[_next + index];

    /// <summary>Keeps what was just written to <see cref="Free"/>.</summary>
    public void Add(in Transmit transmit)
    {
        _transmits[_count] = transmit;
        _offsets[_count] = _used;
        _count++;
        _used += transmit.Length;
    }

    /// <summary>All but the last <paramref name="length"/> bytes of the first transmit have been sent.</summary>
    public void KeepOnly(int length)
    {
        ref Transmit transmit = ref _transmits[_next];
        _offsets[_next] += transmit.Length - length;
        transmit = transmit with { Length = length };
    }

    /// <summary>The first <paramref name="count"/> transmits have been sent, or are given up.</summary>
    public void Remove(int count)
    {
        _next += count;
        if (_next == _count)
        {
            _next = _count = _used = 0;
        }
    }
}
