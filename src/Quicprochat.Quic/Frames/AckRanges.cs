using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>The ranges of an ACK frame from the largest down, read from its bytes, which have been validated once: <c>foreach (AckRange range in frame.Ranges)</c>.</summary>
internal readonly ref struct AckRanges
{
    private readonly AckRange _first;
    private readonly ReadOnlySpan<byte> _gapsAndLengths;

    public AckRanges(AckRange first, ReadOnlySpan<byte> gapsAndLengths)
    {
        _first = first;
        _gapsAndLengths = gapsAndLengths;
    }

    public Enumerator GetEnumerator() => new(_first, _gapsAndLengths);

    /// <summary>The range below <paramref name="previous"/>; false when its gap or length is missing or leads below zero (RFC 9000 §19.3.1).</summary>
    internal static bool TryReadNext(ref Reader reader, AckRange previous, out AckRange next)
    {
        next = default;
        if (!reader.TryReadVarInt(out long gap) || !reader.TryReadVarInt(out long length))
        {
            return false; // RFC 9000 §19.3
        }
        long largest = previous.Smallest - gap - 2;
        long smallest = largest - length; // above -2^63, each term being below 2^62
        if (smallest < 0 || largest < 0)
        {
            return false; // RFC 9000 §19.3.1: a computed packet number is negative
        }
        next = new AckRange(smallest, largest);
        return true;
    }

    internal ref struct Enumerator
    {
        private readonly AckRange _first;
        private Reader _reader;
        private bool _isStarted;

        internal Enumerator(AckRange first, ReadOnlySpan<byte> gapsAndLengths)
        {
            _first = first;
            _reader = new Reader(gapsAndLengths);
        }

        public AckRange Current { get; private set; }

        public bool MoveNext()
        {
            if (!_isStarted)
            {
                _isStarted = true;
                Current = _first;
                return true;
            }
            if (!TryReadNext(ref _reader, Current, out AckRange next))
            {
                return false;
            }
            Current = next;
            return true;
        }
    }
}
