using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Recovery;
using Quicprochat.Quic.Streams;

namespace Quicprochat.Quic.Tests.Streams;

public sealed class DatagramQueueTests
{
    private const int Room = 1170;
    private readonly SentPacketLog _log = new();

    [Fact]
    public void What_is_sent_arrives_as_it_was_in_order() =>
        Gen.Int[0, 1100].Array[0, 200].Sample(lengths =>
        {
            var sender = Ready();
            var receiver = Ready();
            byte[] buffer = new byte[1200];
            foreach (int length in lengths)
            {
                Assert.True(sender.TrySend(ReceiveBufferTests.Pattern(length, length), Room));
                Carry(sender, receiver);
            }

            foreach (int length in lengths)
            {
                Assert.True(receiver.TryTake(buffer, out int count));
                Assert.Equal(ReceiveBufferTests.Pattern(length, length), buffer[..count]);
            }

            Assert.False(receiver.TryTake(buffer, out _));
        });

    [Fact]
    public void Nothing_goes_to_a_peer_that_takes_none_or_beyond_what_it_takes()
    {
        var none = new DatagramQueue(new TransportOptions());
        Assert.False(none.TrySend("x"u8, Room));
        Assert.Equal(0, none.MaxPayload(Room));

        DatagramQueue some = Ready(peerMax: 100);
        Assert.Equal(97, some.MaxPayload(Room));
        Assert.False(some.TrySend(new byte[98], Room));
        Assert.True(some.TrySend(new byte[97], Room));
        Assert.Equal(Room - 3, Ready().MaxPayload(Room));
    }

    [Fact]
    public void A_longer_frame_than_announced_is_an_offence()
    {
        var none = new DatagramQueue(new TransportOptions { MaxDatagramFrameSize = 0 });
        Assert.Equal(TransportErrorCode.ProtocolViolation, none.Handle(new DatagramFrame([]), 1)?.Code);
        var some = new DatagramQueue(new TransportOptions { MaxDatagramFrameSize = 100 });
        Assert.Null(some.Handle(new DatagramFrame(new byte[98]), 100));
        Assert.Equal(TransportErrorCode.ProtocolViolation, some.Handle(new DatagramFrame(new byte[99]), 101)?.Code);
    }

    [Fact]
    public void Coming_in_the_oldest_gives_way()
    {
        DatagramQueue queue = Ready(length: 3);
        for (byte i = 0; i < 5; i++)
        {
            Assert.Null(queue.Handle(new DatagramFrame([i]), 3));
        }

        byte[] one = new byte[1];
        Assert.Equal((3, 2), (queue.Received, queue.Dropped));
        Assert.True(queue.TryTake(one, out _) && one[0] == 2);
    }

    [Fact]
    public void Memory_is_bounded_both_ways_and_shrinks_again()
    {
        DatagramQueue queue = Ready(length: 256);
        for (int i = 0; i < 1000; i++)
        {
            queue.Handle(new DatagramFrame(new byte[20_000]), 20_003);
            queue.TrySend(new byte[1100], Room);
        }

        Assert.InRange(queue.MemoryUsed, 1, 2 << 20);
        var sink = Ready();
        Carry(queue, sink);
        byte[] buffer = new byte[20_000];
        for (int i = 0; i < 1000; i++)
        {
            while (queue.TryTake(buffer, out _))
            {
            }

            queue.Handle(new DatagramFrame(new byte[10]), 13);
            queue.TrySend(new byte[10], Room);
            Carry(queue, sink);
        }

        Assert.InRange(queue.MemoryUsed, 1, 20_000);
        queue.Abort();
        Assert.Equal(0, queue.MemoryUsed);
    }

    [Fact]
    public void Arrival_is_told_once_until_a_take_finds_nothing()
    {
        DatagramQueue queue = Ready();
        queue.Handle(new DatagramFrame("a"u8), 3);
        queue.Handle(new DatagramFrame("b"u8), 3);
        Assert.True(queue.TryTakeEvent(out ConnectionEvent first) && first.Kind == ConnectionEventKind.DatagramReceived);
        Assert.False(queue.TryTakeEvent(out _));
        byte[] buffer = new byte[10];
        Assert.False(queue.TryTake([], out _));
        Assert.True(queue.TryTake(buffer, out _) && queue.TryTake(buffer, out _));
        Assert.False(queue.TryTake(buffer, out _));
        queue.Handle(new DatagramFrame("c"u8), 3);
        Assert.True(queue.TryTakeEvent(out _));
    }

    [Fact]
    public void A_full_queue_tells_when_it_has_room_again()
    {
        DatagramQueue queue = Ready(length: 2);
        Assert.True(queue.TrySend("a"u8, Room) && queue.TrySend("b"u8, Room));
        Assert.False(queue.TrySend("c"u8, Room));
        Assert.False(queue.TryTakeEvent(out _));
        Carry(queue, Ready());
        Assert.True(queue.TryTakeEvent(out ConnectionEvent writable) && writable.Kind == ConnectionEventKind.DatagramWritable);
        Assert.False(queue.TryTakeEvent(out _));
    }

    [Fact]
    public void A_datagram_that_no_longer_fits_the_path_is_dropped()
    {
        DatagramQueue queue = Ready();
        queue.TrySend(new byte[1000], Room);
        queue.TrySend(new byte[10], Room);
        var writer = new Writer(new byte[500]);
        queue.WriteFrames(ref writer, _log, 500);
        Assert.Equal(12, writer.Position);
        Assert.False(queue.HasPending);
    }

    private static DatagramQueue Ready(int length = 256, long peerMax = 65535)
    {
        var queue = new DatagramQueue(new TransportOptions { DatagramQueueLength = length });
        queue.ApplyPeerParameters(new TransportParameters { MaxDatagramFrameSize = peerMax });
        return queue;
    }

    private void Carry(DatagramQueue from, DatagramQueue to)
    {
        byte[] buffer = new byte[Room];
        while (from.HasPending)
        {
            var writer = new Writer(buffer);
            from.WriteFrames(ref writer, _log, Room);
            _log.Abandon();
            var reader = new Reader(writer.Written);
            while (!reader.IsAtEnd)
            {
                int start = reader.Position;
                Assert.True(FrameType.TryRead(ref reader, out long type, out _));
                Assert.True(DatagramFrame.TryRead(ref reader, type, out DatagramFrame frame));
                Assert.Null(to.Handle(frame, reader.Position - start));
            }
        }
    }
}
