using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic.Streams;

/// <summary>Unreliable datagrams on their way in and out (RFC 9221). Both queues are bounded; coming in, the oldest gives way to the newest.</summary>
internal sealed class DatagramQueue
{
    private const int BytesEach = 1500;
    private const int MaxBytes = 1 << 20;

    private readonly int _maxFrameSize;
    private readonly DatagramRing _incoming;
    private readonly DatagramRing _outgoing;
    private bool _isArmed = true;
    private bool _isReceivedUntold;
    private bool _wantsRoom;

    /// <summary>Empty queues. Nothing is sent before <see cref="ApplyPeerParameters"/>.</summary>
    public DatagramQueue(TransportOptions local)
    {
        int count = Math.Max(local.DatagramQueueLength, 1);
        int bytes = (int)Math.Clamp((long)count * BytesEach, ushort.MaxValue, MaxBytes);
        _maxFrameSize = local.MaxDatagramFrameSize;
        _incoming = new DatagramRing(count, bytes);
        _outgoing = new DatagramRing(count, bytes);
    }

    /// <summary>The largest DATAGRAM frame the peer takes, 0 for none.</summary>
    public long PeerMaxFrameSize { get; private set; }

    /// <summary>True when a datagram waits to be sent.</summary>
    public bool HasPending => _outgoing.Count > 0;

    /// <summary>Datagrams waiting for the application.</summary>
    public int Received => _incoming.Count;

    /// <summary>Datagrams dropped because the application did not take them in time.</summary>
    public long Dropped { get; private set; }

    /// <summary>Bytes of memory held.</summary>
    internal int MemoryUsed => _incoming.Capacity + _outgoing.Capacity;

    /// <summary>Takes the peer's max_datagram_frame_size (RFC 9221 §3).</summary>
    public void ApplyPeerParameters(TransportParameters peer) => PeerMaxFrameSize = peer.MaxDatagramFrameSize;

    /// <summary>The longest payload that fits both the peer's limit and <paramref name="packetRoom"/> bytes of frames; 0 when the peer takes none.</summary>
    public int MaxPayload(int packetRoom) =>
        PeerMaxFrameSize == 0 ? 0 : Math.Max(0, DatagramFrame.DataCapacity((int)Math.Min(packetRoom, PeerMaxFrameSize)));

    /// <summary>Queues a datagram; false when it is longer than <see cref="MaxPayload"/> or, with an event to follow, when the queue is full.</summary>
    public bool TrySend(ReadOnlySpan<byte> payload, int packetRoom)
    {
        if (PeerMaxFrameSize == 0 || payload.Length > MaxPayload(packetRoom))
        {
            return false;
        }

        _wantsRoom = !_outgoing.TryAdd(payload);
        return !_wantsRoom;
    }

    /// <summary>Writes DATAGRAM frames as they fit.</summary>
    /// <param name="writer">The packet.</param>
    /// <param name="log">Where they are remembered.</param>
    /// <param name="packetRoom">Bytes of frames a whole packet holds: a datagram longer than that (the path has shrunk) is dropped.</param>
    public void WriteFrames(ref Writer writer, SentPacketLog log, int packetRoom)
    {
        while (_outgoing.Count > 0)
        {
            int length = _outgoing.FirstLength;
            if (length > MaxPayload(packetRoom))
            {
                _outgoing.Drop();
                continue;
            }

            if (DatagramFrame.SizeOf(length, hasLength: true) > writer.Free)
            {
                return;
            }

            FrameType.Write(ref writer, FrameType.DatagramWithLength);
            writer.WriteVarInt(length);
            _outgoing.Take(writer.Reserve(length));
            log.Add(new SentFrame(SentFrameKind.Datagram));
        }
    }

    /// <summary>DATAGRAM (RFC 9221 §4); <paramref name="frameSize"/> is what it took in the packet, type and length included.</summary>
    public TransportError? Handle(in DatagramFrame frame, int frameSize)
    {
        if (frameSize > _maxFrameSize)
        {
            return new TransportError(TransportErrorCode.ProtocolViolation, FrameType.Datagram, "a datagram longer than max_datagram_frame_size"); // RFC 9221 §3
        }

        while (!_incoming.TryAdd(frame.Data))
        {
            if (_incoming.Count == 0)
            {
                Dropped++;
                return null;
            }

            _incoming.Drop();
            Dropped++;
        }

        _isReceivedUntold |= _isArmed;
        _isArmed = false;
        return null;
    }

    /// <summary>Takes the oldest; false when there is none, or <paramref name="destination"/> is shorter than it.</summary>
    public bool TryTake(Span<byte> destination, out int count)
    {
        count = 0;
        if (_incoming.Count == 0)
        {
            _isArmed = true;
            return false;
        }

        if (_incoming.FirstLength > destination.Length)
        {
            return false;
        }

        count = _incoming.FirstLength;
        _incoming.Take(destination[..count]);
        return true;
    }

    /// <summary>True when <see cref="TryTakeEvent"/> gives something.</summary>
    public bool HasEvents => _isReceivedUntold || (_wantsRoom && _outgoing.HasRoom(BytesEach));

    /// <summary>The next event.</summary>
    public bool TryTakeEvent(out ConnectionEvent connectionEvent)
    {
        connectionEvent = default;
        if (_isReceivedUntold)
        {
            _isReceivedUntold = false;
            connectionEvent = new ConnectionEvent(ConnectionEventKind.DatagramReceived);
            return true;
        }

        if (_wantsRoom && _outgoing.HasRoom(BytesEach))
        {
            _wantsRoom = false;
            connectionEvent = new ConnectionEvent(ConnectionEventKind.DatagramWritable);
            return true;
        }

        return false;
    }

    /// <summary>The connection is closed: everything is freed.</summary>
    public void Abort()
    {
        _incoming.Clear();
        _outgoing.Clear();
        _isReceivedUntold = false;
        _wantsRoom = false;
        PeerMaxFrameSize = 0;
    }
}
