using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Recovery;
using Quicprochat.Quic.Streams;

namespace Quicprochat.Quic.Tests.Streams;

public sealed class CryptoStreamTests
{
    private readonly StreamMemory _memory = new();

    [Fact]
    public void A_handshake_message_arrives_whole_over_losses_and_reordering() =>
        Gen.Select(Gen.Int[1, 40_000], Gen.Int[40, 1200], Gen.Int[0, 5].Array[1, 60]).Sample((length, room, fates) =>
        {
            var memory = new StreamMemory();
            var sender = new CryptoStream(memory);
            var receiver = new CryptoStream(memory);
            byte[] message = ReceiveBufferTests.Pattern(0, length);
            sender.Write(message);
            var log = new SentPacketLog();
            var late = new List<byte[]>();
            var read = new List<byte>();
            byte[] buffer = new byte[room];
            for (int i = 0; sender.HasPending; i++)
            {
                var writer = new Writer(buffer);
                sender.WriteFrames(ref writer, log);
                Assert.True(writer.Position > 0);
                long number = log.Largest + 1;
                log.Commit(new SentPacket(number, 0, writer.Position, SentPacketFlags.AckEliciting));
                Assert.True(log.TryGet(number, out SentPacket packet));
                int fate = i < 2 * fates.Length ? fates[i % fates.Length] : 5;
                if (fate <= 1)
                {
                    sender.OnLost(log.FrameOf(packet, 0));
                    if (fate == 1)
                    {
                        late.Add(writer.Written.ToArray());
                    }

                    continue;
                }

                Assert.Null(Receive(receiver, writer.Written));
                sender.OnAcked(log.FrameOf(packet, 0));
                Drain(receiver, read);
            }

            late.ForEach(packet => Assert.Null(Receive(receiver, packet)));
            Drain(receiver, read);
            Assert.Equal(message, read.ToArray());
            Assert.True(sender.IsAllAcked);
            Assert.Equal(0, memory.SegmentsRented);
        });

    [Fact]
    public void More_than_64_KiB_ahead_is_too_much()
    {
        var stream = new CryptoStream(_memory);
        Assert.Null(stream.Handle(new CryptoFrame(CryptoStream.MaxAhead - 1, new byte[1])));
        Assert.Equal(TransportErrorCode.CryptoBufferExceeded, stream.Handle(new CryptoFrame(CryptoStream.MaxAhead, new byte[1]))?.Code);
        Assert.Equal(TransportErrorCode.CryptoBufferExceeded, stream.Handle(new CryptoFrame(VarInt.Max - 1, new byte[1]))?.Code);
        Assert.Null(stream.Handle(new CryptoFrame(0, new byte[100])));
        Assert.Equal(100, stream.Read(new byte[200]));
        Assert.Null(stream.Handle(new CryptoFrame(CryptoStream.MaxAhead + 99, new byte[1])));
    }

    [Fact]
    public void Small_pieces_far_apart_cost_no_more_than_the_bound()
    {
        var stream = new CryptoStream(_memory);
        for (int offset = CryptoStream.MaxAhead - 1; offset > 0; offset -= 2)
        {
            Assert.Null(stream.Handle(new CryptoFrame(offset, new byte[1])));
        }

        Assert.InRange(_memory.SegmentsRented, 1, CryptoStream.MaxAhead / Segment.Size);
    }

    [Fact]
    public void Bytes_not_taken_are_seen_when_the_keys_change()
    {
        var stream = new CryptoStream(_memory);
        Assert.False(stream.HasLeftover);
        stream.Handle(new CryptoFrame(5, new byte[1]));
        Assert.True(stream.HasLeftover);
        stream.Handle(new CryptoFrame(0, new byte[5]));
        Assert.Equal(6, stream.Peek().Length);
        stream.Advance(6);
        Assert.False(stream.HasLeftover);
    }

    [Fact]
    public void After_a_retry_everything_is_sent_again()
    {
        var stream = new CryptoStream(_memory);
        stream.Write(new byte[300]);
        Assert.Equal(300, Send(stream));
        Assert.False(stream.HasPending);
        stream.Repeat();
        Assert.Equal(300, Send(stream));
    }

    [Fact]
    public void A_discarded_level_is_silent_and_holds_nothing()
    {
        var stream = new CryptoStream(_memory);
        stream.Write(new byte[300]);
        stream.Handle(new CryptoFrame(10, new byte[10]));
        Send(stream);
        stream.Discard();
        stream.OnLost(new SentFrame(SentFrameKind.Crypto, Offset: 0, Length: 300));
        stream.OnAcked(new SentFrame(SentFrameKind.Crypto, Offset: 0, Length: 300));
        stream.Repeat();
        stream.Write(new byte[10]);
        Assert.Null(stream.Handle(new CryptoFrame(0, new byte[10])));
        Assert.False(stream.HasPending || stream.HasLeftover);
        Assert.Equal(0, _memory.SegmentsRented);
    }

    private static int Send(CryptoStream stream)
    {
        var log = new SentPacketLog();
        var writer = new Writer(new byte[1200]);
        stream.WriteFrames(ref writer, log);
        var reader = new Reader(writer.Written);
        int bytes = 0;
        while (!reader.IsAtEnd)
        {
            Assert.True(FrameType.TryRead(ref reader, out _, out _));
            Assert.True(CryptoFrame.TryRead(ref reader, out CryptoFrame frame));
            bytes += frame.Data.Length;
        }

        return bytes;
    }

    private static TransportError? Receive(CryptoStream stream, ReadOnlySpan<byte> packet)
    {
        var reader = new Reader(packet);
        while (!reader.IsAtEnd)
        {
            Assert.True(FrameType.TryRead(ref reader, out _, out _));
            Assert.True(CryptoFrame.TryRead(ref reader, out CryptoFrame frame));
            if (stream.Handle(frame) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static void Drain(CryptoStream stream, List<byte> read)
    {
        while (stream.Readable > 0)
        {
            ReadOnlySpan<byte> piece = stream.Peek();
            read.AddRange(piece);
            stream.Advance(piece.Length);
        }
    }
}
