using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Recovery;
using Quicprochat.Quic.Streams;

namespace Quicprochat.Quic.Tests.Streams;

/// <summary>One end of a connection as far as its streams go: packets are bare frames, and the test says what becomes of each.</summary>
internal sealed class TestPeer
{
    private readonly byte[] _buffer = new byte[2000];

    public TestPeer(Side side, TransportOptions? options = null, StreamMemory? memory = null)
    {
        Side = side;
        Options = options ?? new TransportOptions();
        Memory = memory ?? new StreamMemory();
        Table = new StreamTable(side, Options, Memory) { Rtt = 10_000 };
    }

    public Side Side { get; }

    public TransportOptions Options { get; }

    public StreamMemory Memory { get; }

    public StreamTable Table { get; }

    public SentPacketLog Log { get; } = new();

    public static (TestPeer Client, TestPeer Server) Pair(TransportOptions? client = null, TransportOptions? server = null)
    {
        var one = new TestPeer(Side.Client, client);
        var other = new TestPeer(Side.Server, server);
        one.Table.ApplyPeerParameters(Announce(other.Options));
        other.Table.ApplyPeerParameters(Announce(one.Options));
        return (one, other);
    }

    public static TransportParameters Announce(TransportOptions options) => new()
    {
        InitialMaxData = options.ConnectionWindow,
        InitialMaxStreamDataBidiLocal = options.StreamWindow,
        InitialMaxStreamDataBidiRemote = options.StreamWindow,
        InitialMaxStreamDataUni = options.StreamWindow,
        InitialMaxStreamsBidi = options.MaxInboundBidirectionalStreams,
        InitialMaxStreamsUni = options.MaxInboundUnidirectionalStreams,
    };

    public StreamId Open(StreamType type = StreamType.Bidirectional)
    {
        Assert.True(Table.TryOpen(type, out StreamId id));
        return id;
    }

    /// <summary>The next packet; false when nothing is pending.</summary>
    public bool TrySend(int size, out byte[] packet, out long number)
    {
        number = Log.Largest + 1;
        packet = [];
        if (!Table.HasPending)
        {
            return false;
        }

        var writer = new Writer(_buffer.AsSpan(0, size));
        Table.WriteFrames(ref writer, Log);
        Assert.True(writer.Position > 0, "pending, and yet nothing was written");
        packet = writer.Written.ToArray();
        Log.Commit(new SentPacket(number, number, packet.Length, SentPacketFlags.AckEliciting | SentPacketFlags.InFlight));
        return true;
    }

    public TransportError? Receive(ReadOnlySpan<byte> packet)
    {
        var reader = new Reader(packet);
        while (!reader.IsAtEnd)
        {
            Assert.True(FrameType.TryRead(ref reader, out long type, out _));
            if (Dispatch(ref reader, type) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    public void OnAcked(long number) => Settle(number, isAcked: true);

    public void OnLost(long number) => Settle(number, isAcked: false);

    /// <summary>Sends everything to <paramref name="other"/> and acknowledges it.</summary>
    public void Flush(TestPeer other)
    {
        while (TrySend(1200, out byte[] packet, out long number))
        {
            Assert.Null(other.Receive(packet));
            OnAcked(number);
        }
    }

    public List<ConnectionEvent> TakeEvents()
    {
        var events = new List<ConnectionEvent>();
        while (Table.TryTakeEvent(out ConnectionEvent connectionEvent))
        {
            events.Add(connectionEvent);
        }

        return events;
    }

    private TransportError? Dispatch(ref Reader reader, long type)
    {
        switch (type)
        {
            case >= FrameType.Stream and <= FrameType.StreamMax:
                Assert.True(StreamFrame.TryRead(ref reader, type, out StreamFrame stream));
                return Table.Handle(stream);
            case FrameType.ResetStream:
                Assert.True(ResetStreamFrame.TryRead(ref reader, out ResetStreamFrame reset));
                return Table.Handle(reset);
            case FrameType.StopSending:
                Assert.True(StopSendingFrame.TryRead(ref reader, out StopSendingFrame stop));
                return Table.Handle(stop);
            case FrameType.MaxStreamData:
                Assert.True(MaxStreamDataFrame.TryRead(ref reader, out MaxStreamDataFrame maxStreamData));
                return Table.Handle(maxStreamData);
            case FrameType.StreamDataBlocked:
                Assert.True(StreamDataBlockedFrame.TryRead(ref reader, out StreamDataBlockedFrame blocked));
                return Table.Handle(blocked);
            case FrameType.MaxData:
                Assert.True(MaxDataFrame.TryRead(ref reader, out MaxDataFrame maxData));
                Table.Handle(maxData);
                return null;
            case FrameType.MaxStreamsBidi or FrameType.MaxStreamsUni:
                Assert.True(MaxStreamsFrame.TryRead(ref reader, type, out MaxStreamsFrame maxStreams));
                Table.Handle(maxStreams);
                return null;
            case FrameType.DataBlocked:
                Assert.True(DataBlockedFrame.TryRead(ref reader, out _));
                return null;
            default:
                Assert.True(StreamsBlockedFrame.TryRead(ref reader, type, out _));
                return null;
        }
    }

    private void Settle(long number, bool isAcked)
    {
        if (!Log.TryGet(number, out SentPacket packet))
        {
            return;
        }

        Log.Remove(Log.FirstAtOrAfter(number), isAcked ? SentPacketState.Acked : SentPacketState.Gone);
        Log.Trim();
        for (int i = 0; i < packet.FrameCount; i++)
        {
            if (isAcked)
            {
                Table.OnAcked(Log.FrameOf(packet, i));
            }
            else
            {
                Table.OnLost(Log.FrameOf(packet, i));
            }
        }
    }
}
