using Quicprochat.Quic.Frames;

namespace Quicprochat.Quic.Recovery;

/// <summary>
/// The packet numbers received in one space: what ACK frames are written from and duplicates are recognised by (RFC 9000 §13.2.3).
/// At most <see cref="MaxRanges"/> ranges are remembered, whatever a peer skips. The oldest goes first, and everything below it then
/// counts as received, for a packet that may be a replay must not be processed (RFC 9000 §12.3).
/// </summary>
internal sealed class ReceivedPackets
{
    /// <summary>Ranges remembered at most.</summary>
    public const int MaxRanges = 64;

    private const int FirstCapacity = 4;

    // From the largest down, with at least one missing number between neighbours.
    private AckRange[] _ranges = [];
    private int _count;

    /// <summary>The ranges, from the largest down: the order of an ACK frame.</summary>
    public ReadOnlySpan<AckRange> Descending => _ranges.AsSpan(0, _count);

    /// <summary>The largest number ever inserted, -1 before the first.</summary>
    public long Largest { get; private set; } = -1;

    /// <summary>Everything below counts as received although it is not listed.</summary>
    public long Floor { get; private set; }

    /// <summary>True when <paramref name="packetNumber"/> was received, or is too old to tell.</summary>
    public bool Contains(long packetNumber)
    {
        int at = FirstStartingAtOrBelow(packetNumber);
        return packetNumber < Floor || (at < _count && _ranges[at].Largest >= packetNumber);
    }

    /// <summary>Adds a packet number. False when it is a duplicate, or so old that it must be taken for one.</summary>
    public bool Insert(long packetNumber)
    {
        if (packetNumber < Floor)
        {
            return false;
        }

        int at = FirstStartingAtOrBelow(packetNumber);
        if (at < _count && _ranges[at].Largest >= packetNumber)
        {
            return false;
        }

        bool joinsBelow = at < _count && _ranges[at].Largest + 1 == packetNumber;
        bool joinsAbove = at > 0 && _ranges[at - 1].Smallest - 1 == packetNumber;
        if (joinsBelow && joinsAbove)
        {
            _ranges[at - 1] = new AckRange(_ranges[at].Smallest, _ranges[at - 1].Largest);
            RemoveAt(at);
        }
        else if (joinsBelow)
        {
            _ranges[at] = new AckRange(_ranges[at].Smallest, packetNumber);
        }
        else if (joinsAbove)
        {
            _ranges[at - 1] = new AckRange(packetNumber, _ranges[at - 1].Largest);
        }
        else
        {
            InsertAt(at, packetNumber);
        }

        Largest = Math.Max(Largest, packetNumber);
        return true;
    }

    /// <summary>Forgets every number below: the peer is known to have seen them acknowledged (RFC 9000 §13.2.4).</summary>
    public void ForgetBelow(long packetNumber)
    {
        if (packetNumber <= Floor)
        {
            return;
        }

        Floor = packetNumber;
        while (_count > 0 && _ranges[_count - 1].Largest < packetNumber)
        {
            _count--;
        }

        if (_count > 0 && _ranges[_count - 1].Smallest < packetNumber)
        {
            _ranges[_count - 1] = new AckRange(packetNumber, _ranges[_count - 1].Largest);
        }
    }

    private void InsertAt(int at, long packetNumber)
    {
        if (_count == MaxRanges)
        {
            // The oldest range is forgotten; when the new number is older still, it is the one not kept.
            Floor = at == _count ? packetNumber + 1 : _ranges[_count - 1].Largest + 1;
            if (at == _count)
            {
                return;
            }

            _count--;
        }
        else if (_count == _ranges.Length)
        {
            Array.Resize(ref _ranges, Math.Clamp(_count * 2, FirstCapacity, MaxRanges));
        }

        Array.Copy(_ranges, at, _ranges, at + 1, _count - at);
        _ranges[at] = new AckRange(packetNumber, packetNumber);
        _count++;
    }

    private void RemoveAt(int at)
    {
        _count--;
        Array.Copy(_ranges, at + 1, _ranges, at, _count - at);
    }

    // Index of the highest range whose Smallest is not above the number. Arrivals are nearly always at the top, so look there first.
    private int FirstStartingAtOrBelow(long packetNumber)
    {
        if (_count == 0 || _ranges[0].Smallest <= packetNumber)
        {
            return 0;
        }

        int low = 1;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].Smallest <= packetNumber)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
