using System.Diagnostics;
using System.Numerics;
using Quicprochat.Quic.Frames;

namespace Quicprochat.Quic.Recovery;

/// <summary>
/// The packets of one packet number space that are neither acknowledged nor lost, with the frames they carried.
/// Two rings: packets in the order of their numbers, and frames in the order of their packets. A packet that leaves from the middle
/// stays as a mark until it reaches the head or the ring is packed, so nothing moves in the ordinary case.
/// <para>
/// A packet is built by <see cref="Add"/> for each frame worth remembering, then <see cref="Commit"/> (it was sent) or <see cref="Abandon"/>.
/// The frames of a packet that has left the log can still be read until the next <see cref="Add"/>, <see cref="Commit"/> or <see cref="TrimExcess"/>.
/// </para>
/// </summary>
internal sealed class SentPacketLog
{
    // Packets that carry only acknowledgements are never announced as lost by a timer, so a peer that acknowledges
    // nothing could pile them up; the older half is forgotten at this many.
    private const int MaxNotInFlight = 256;

    private const int FirstPackets = 16;
    private const int FirstFrames = 32;

    // A ring is halved only after the log has been empty so often while using little of it: bursts keep their room.
    private const int QuietTimes = 16;

    private SentPacket[] _packets = [];
    private SentFrame[] _frames = [];
    private int _head;
    private int _count;
    private int _outstanding;
    private int _notInFlight;
    private long _frameHead;
    private long _frameCommitted;
    private long _frameTail;
    private int _outstandingFrames;
    private SkippedNumbers _skipped;
    private int _skippedCount;
    private int _skippedNext;
    private int _peak;
    private int _quiet;

    /// <summary>The largest number sent or skipped, -1 before the first.</summary>
    public long Largest { get; private set; } = -1;

    /// <summary>Slots in use, marks included: the indices <see cref="At"/> takes.</summary>
    public int Count => _count;

    /// <summary>Packets neither acknowledged nor lost.</summary>
    public int Outstanding => _outstanding;

    /// <summary>Ack-eliciting packets neither acknowledged nor lost.</summary>
    public int AckElicitingInFlight { get; private set; }

    /// <summary>Bytes of this space that count against the congestion window.</summary>
    public long BytesInFlight { get; private set; }

    /// <summary>When the newest ack-eliciting packet was sent (time_of_last_ack_eliciting_packet), 0 before the first.</summary>
    public long LastAckElicitingTime { get; private set; }

    /// <summary>Frames added to the packet being built.</summary>
    public int PendingFrames => (int)(_frameTail - _frameCommitted);

    /// <summary>Bytes held by both rings.</summary>
    internal long MemoryUsed => ((long)_packets.Length * 48) + ((long)_frames.Length * 24);

    /// <summary>Remembers a frame of the packet being built.</summary>
    public void Add(in SentFrame frame)
    {
        if (_frameTail - _frameHead == _frames.Length)
        {
            MakeRoom();
        }

        _frames[FrameSlot(_frameTail)] = frame;
        _frameTail++;
    }

    /// <summary>The packet being built was sent. Numbers must rise.</summary>
    public void Commit(in SentPacket packet)
    {
        Debug.Assert(packet.Number > Largest, "packet numbers rise");
        if (_count == 0)
        {
            ShrinkAfterQuiet();
        }

        if (_count == _packets.Length)
        {
            MakeRoom();
        }

        ref SentPacket slot = ref _packets[(_head + _count) & (_packets.Length - 1)];
        slot = packet;
        slot.FirstFrame = _frameCommitted;
        slot.FrameCount = PendingFrames;
        slot.State = SentPacketState.Outstanding;
        slot.FollowsAcked = false;
        _count++;
        _frameCommitted = _frameTail;
        Largest = packet.Number;
        Enter(slot);
        if (_notInFlight > MaxNotInFlight)
        {
            ForgetOldNotInFlight();
        }
    }

    /// <summary>The packet being built is not sent after all.</summary>
    public void Abandon() => _frameTail = _frameCommitted;

    /// <summary>Leaves a packet number out on purpose.</summary>
    public void Skip(long number)
    {
        _skipped[_skippedNext] = number;
        _skippedNext = (_skippedNext + 1) % SkippedNumbers.Capacity;
        _skippedCount = Math.Min(_skippedCount + 1, SkippedNumbers.Capacity);
        Largest = number;
    }

    /// <summary>True when the range holds a number that was left out on purpose.</summary>
    public bool HoldsSkipped(AckRange range)
    {
        for (int i = 0; i < _skippedCount; i++)
        {
            if (range.Contains(_skipped[i]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The slot at an index counted from the oldest.</summary>
    public ref readonly SentPacket At(int index) => ref Slot(index);

    /// <summary>The index of the first slot whose number is not below; <see cref="Count"/> when there is none.</summary>
    public int FirstAtOrAfter(long number)
    {
        if (_count == 0 || number <= Slot(0).Number)
        {
            return 0;
        }

        if (number > Slot(_count - 1).Number)
        {
            return _count;
        }

        // Numbers rise by at least one from slot to slot: the slot sought is never beyond this guess, and at it when no number is missing.
        int high = (int)Math.Min(number - Slot(0).Number, _count - 1);
        if (Slot(high).Number == number)
        {
            return high;
        }

        int low = 0;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Slot(middle).Number < number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The packet with this number while it is outstanding.</summary>
    public bool TryGet(long number, out SentPacket packet)
    {
        int index = FirstAtOrAfter(number);
        if (index < _count && Slot(index).Number == number && Slot(index).State == SentPacketState.Outstanding)
        {
            packet = Slot(index);
            return true;
        }

        packet = default;
        return false;
    }

    /// <summary>The oldest outstanding packet that is ack-eliciting: what a probe repeats (RFC 9002 §6.2.4).</summary>
    public bool TryGetOldestAckEliciting(out SentPacket packet)
    {
        for (int i = 0; i < _count && AckElicitingInFlight > 0; i++)
        {
            if (Slot(i).State == SentPacketState.Outstanding && Slot(i).IsAckEliciting)
            {
                packet = Slot(i);
                return true;
            }
        }

        packet = default;
        return false;
    }

    /// <summary>One of the frames a packet carried.</summary>
    public ref readonly SentFrame FrameOf(in SentPacket packet, int index) => ref _frames[FrameSlot(packet.FirstFrame + index)];

    /// <summary>Takes an outstanding packet out; <see cref="Trim"/> afterwards gives its room back.</summary>
    public void Remove(int index, SentPacketState state)
    {
        ref SentPacket slot = ref Slot(index);
        Leave(slot);
        slot.State = state;
    }

    /// <summary>Gives the room of packets that left from the head back.</summary>
    public void Trim()
    {
        while (_count > 0 && _packets[_head].State != SentPacketState.Outstanding)
        {
            _frameHead = _packets[_head].FirstFrame + _packets[_head].FrameCount;
            _head = (_head + 1) & (_packets.Length - 1);
            _count--;
        }
    }

    /// <summary>The keys of the space were discarded: forgets every packet and says how many bytes in flight that were (RFC 9002 §6.4).</summary>
    public long Clear()
    {
        long bytes = BytesInFlight;
        _packets = [];
        _frames = [];
        _head = 0;
        _count = 0;
        _outstanding = 0;
        _notInFlight = 0;
        _outstandingFrames = 0;
        _frameHead = 0;
        _frameCommitted = 0;
        _frameTail = 0;
        BytesInFlight = 0;
        AckElicitingInFlight = 0;
        LastAckElicitingTime = 0;
        return bytes;
    }

    /// <summary>Gives unused memory back; for a connection that has gone quiet.</summary>
    public void TrimExcess()
    {
        if (PendingFrames > 0)
        {
            return;
        }

        Trim();
        Resize(RoomFor(_outstanding, FirstPackets), RoomFor(_outstandingFrames, FirstFrames));
        _peak = _outstanding;
        _quiet = 0;
    }

    private static int RoomFor(int used, int first) =>
        used == 0 ? 0 : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(first, used));

    private ref SentPacket Slot(int index) => ref _packets[(_head + index) & (_packets.Length - 1)];

    private int FrameSlot(long frame) => (int)(frame & (_frames.Length - 1));

    private void Enter(in SentPacket packet)
    {
        _outstanding++;
        _outstandingFrames += packet.FrameCount;
        _peak = Math.Max(_peak, _outstanding);
        if (packet.IsInFlight)
        {
            BytesInFlight += packet.Size;
        }
        else
        {
            _notInFlight++;
        }

        if (packet.IsAckEliciting)
        {
            AckElicitingInFlight++;
            LastAckElicitingTime = packet.SentTime;
        }
    }

    private void Leave(in SentPacket packet)
    {
        _outstanding--;
        _outstandingFrames -= packet.FrameCount;
        if (packet.IsInFlight)
        {
            BytesInFlight -= packet.Size;
        }
        else
        {
            _notInFlight--;
        }

        if (packet.IsAckEliciting)
        {
            AckElicitingInFlight--;
        }
    }

    private void ForgetOldNotInFlight()
    {
        for (int i = 0; i < _count && _notInFlight > MaxNotInFlight / 2; i++)
        {
            if (Slot(i).State == SentPacketState.Outstanding && !Slot(i).IsInFlight)
            {
                Remove(i, SentPacketState.Gone);
            }
        }

        Trim();
    }

    // Packs the rings when a quarter of them would be won, otherwise doubles the full one: either way a constant cost for each packet.
    private void MakeRoom()
    {
        int packets = _packets.Length;
        int frames = _frames.Length;
        if (_count == packets && _outstanding >= packets - (packets / 4))
        {
            packets = Math.Max(FirstPackets, packets * 2);
        }

        if (_frameTail - _frameHead == frames && _outstandingFrames + PendingFrames >= frames - (frames / 4))
        {
            frames = Math.Max(FirstFrames, frames * 2);
        }

        Resize(packets, frames);
    }

    private void ShrinkAfterQuiet()
    {
        _quiet++;
        if (_quiet < QuietTimes)
        {
            return;
        }

        if (_peak * 8 <= _packets.Length && _packets.Length > FirstPackets)
        {
            Resize(Math.Max(FirstPackets, _packets.Length / 4), Math.Max(RoomFor(PendingFrames, FirstFrames), _frames.Length / 4));
        }

        _quiet = 0;
        _peak = 0;
    }

    // Copies what is outstanding, and the frames of the packet being built, to rings of the given sizes.
    private void Resize(int packetRoom, int frameRoom)
    {
        SentPacket[] packets = packetRoom == 0 ? [] : new SentPacket[packetRoom];
        SentFrame[] frames = frameRoom == 0 ? [] : new SentFrame[frameRoom];
        int count = 0;
        long written = 0;
        bool followsAcked = false;
        for (int i = 0; i < _count; i++)
        {
            ref SentPacket slot = ref Slot(i);
            followsAcked |= slot.FollowsAcked || slot.State == SentPacketState.Acked;
            if (slot.State != SentPacketState.Outstanding)
            {
                continue;
            }

            long first = written;
            for (int j = 0; j < slot.FrameCount; j++)
            {
                frames[written++] = FrameOf(slot, j);
            }

            packets[count] = slot;
            packets[count].FirstFrame = first;
            packets[count].FollowsAcked = followsAcked;
            followsAcked = false;
            count++;
        }

        long committed = written;
        for (long frame = _frameCommitted; frame < _frameTail; frame++)
        {
            frames[written++] = _frames[FrameSlot(frame)];
        }

        _packets = packets;
        _frames = frames;
        _head = 0;
        _count = count;
        _frameHead = 0;
        _frameCommitted = committed;
        _frameTail = written;
    }
}
