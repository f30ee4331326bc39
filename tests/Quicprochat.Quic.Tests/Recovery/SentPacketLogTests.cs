using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic.Tests.Recovery;

public sealed class SentPacketLogTests
{
    private const SentPacketFlags Eliciting = SentPacketFlags.AckEliciting | SentPacketFlags.InFlight;

    [Fact]
    public void A_packet_is_found_with_its_frames()
    {
        var log = new SentPacketLog();
        log.Add(new SentFrame(SentFrameKind.Stream, 4, 100, 20, Fin: true));
        log.Add(new SentFrame(SentFrameKind.MaxData, Offset: 9));
        log.Commit(new SentPacket(0, 50, 1200, Eliciting));

        Assert.True(log.TryGet(0, out SentPacket packet));
        Assert.Equal(2, packet.FrameCount);
        Assert.Equal(new SentFrame(SentFrameKind.Stream, 4, 100, 20, Fin: true), log.FrameOf(packet, 0));
        Assert.Equal(new SentFrame(SentFrameKind.MaxData, Offset: 9), log.FrameOf(packet, 1));
        Assert.Equal((1200, 1, 50, 0), (log.BytesInFlight, log.AckElicitingInFlight, log.LastAckElicitingTime, log.Largest));
    }

    [Fact]
    public void An_abandoned_packet_leaves_nothing()
    {
        var log = new SentPacketLog();
        log.Add(new SentFrame(SentFrameKind.Ping));
        Assert.Equal(1, log.PendingFrames);
        log.Abandon();
        Assert.Equal(0, log.PendingFrames);
        log.Add(new SentFrame(SentFrameKind.MaxData, Offset: 1));
        log.Commit(new SentPacket(0, 0, 100, Eliciting));
        Assert.True(log.TryGet(0, out SentPacket packet));
        Assert.Equal(SentFrameKind.MaxData, log.FrameOf(packet, 0).Kind);
        Assert.Equal(1, packet.FrameCount);
    }

    [Fact]
    public void Any_order_of_sending_skipping_and_removing_is_what_a_dictionary_would_hold() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1000]).Array[0, 150].Sample(operations =>
        {
            var log = new SentPacketLog();
            var model = new SortedDictionary<long, SentFrame[]>();
            long next = 0;
            foreach ((int kind, int pick) in operations)
            {
                switch (kind)
                {
                    case <= 4:
                        model[next] = Send(log, next, pick);
                        next++;
                        break;
                    case 5:
                        log.Skip(next++);
                        break;
                    case 6:
                        next += pick % 3;
                        break;
                    case 7:
                        log.TrimExcess();
                        break;
                    default:
                        RemoveSome(log, model, pick, kind == 8);
                        break;
                }

                AssertSame(log, model);
            }
        });

    [Fact]
    public void A_stuck_oldest_packet_does_not_make_the_log_grow_with_all_that_follow()
    {
        var log = new SentPacketLog();
        Send(log, 0, 3);
        for (long number = 1; number < 100_000; number++)
        {
            Send(log, number, 3);
            log.Remove(log.FirstAtOrAfter(number), SentPacketState.Acked);
            log.Trim();
        }

        Assert.Equal(1, log.Outstanding);
        Assert.InRange(log.MemoryUsed, 1, 10_000);
        Assert.True(log.TryGet(0, out SentPacket packet));
        Assert.Equal(3, log.FrameOf(packet, 0).Offset);
    }

    [Fact]
    public void Packets_of_acknowledgements_alone_cannot_pile_up()
    {
        var log = new SentPacketLog();
        Send(log, 0, 1);
        for (long number = 1; number < 100_000; number++)
        {
            log.Add(new SentFrame(SentFrameKind.Ack, number));
            log.Commit(new SentPacket(number, number, 40, SentPacketFlags.None));
        }

        Assert.InRange(log.Outstanding, 1, 300);
        Assert.InRange(log.MemoryUsed, 1, 60_000);
        Assert.True(log.TryGet(0, out _));
        Assert.Equal(100 + 1, log.BytesInFlight);
    }

    [Fact]
    public void Memory_shrinks_again_after_a_burst()
    {
        var log = new SentPacketLog();
        long number = 0;
        for (; number < 10_000; number++)
        {
            Send(log, number, 2);
        }

        long peak = log.MemoryUsed;
        Assert.True(peak > 400_000);
        RemoveAll(log);
        for (int i = 0; i < 200; i++)
        {
            Send(log, number++, 2);
            RemoveAll(log);
        }

        Assert.InRange(log.MemoryUsed, 1, 5_000);
        log.TrimExcess();
        Assert.Equal(0, log.MemoryUsed);
        Send(log, number, 2);
        Assert.True(log.TryGet(number, out _));
    }

    [Fact]
    public void Discarding_a_space_gives_its_bytes_back()
    {
        var log = new SentPacketLog();
        Send(log, 0, 1);
        Send(log, 1, 1);
        log.Commit(new SentPacket(2, 0, 40, SentPacketFlags.None));
        Assert.Equal(202, log.Clear());
        Assert.Equal((0, 0, 0, 0), (log.Count, log.BytesInFlight, log.AckElicitingInFlight, log.MemoryUsed));
        Assert.False(log.TryGet(0, out _));
    }

    [Fact]
    public void The_last_skipped_numbers_are_remembered()
    {
        var log = new SentPacketLog();
        for (long number = 0; number < 20; number++)
        {
            log.Skip(number * 10);
        }

        Assert.True(log.HoldsSkipped(Acks.One(190)));
        Assert.True(log.HoldsSkipped(new AckRange(115, 125)));
        Assert.False(log.HoldsSkipped(new AckRange(121, 129)));
        Assert.False(log.HoldsSkipped(new AckRange(0, 119)));
    }

    private static SentFrame[] Send(SentPacketLog log, long number, int pick)
    {
        var frames = new SentFrame[pick % 4];
        for (int i = 0; i < frames.Length; i++)
        {
            frames[i] = new SentFrame(SentFrameKind.Stream, number, pick, i, i == 1);
            log.Add(frames[i]);
        }

        log.Commit(new SentPacket(number, number, 100 + (pick % 7), pick % 5 == 0 ? SentPacketFlags.None : Eliciting));
        return frames;
    }

    private static void RemoveSome(SentPacketLog log, SortedDictionary<long, SentFrame[]> model, int pick, bool trims)
    {
        if (model.Count == 0)
        {
            return;
        }

        long number = model.Keys.ElementAt(pick % model.Count);
        log.Remove(log.FirstAtOrAfter(number), pick % 2 == 0 ? SentPacketState.Acked : SentPacketState.Gone);
        model.Remove(number);
        if (trims)
        {
            log.Trim();
        }
    }

    private static void RemoveAll(SentPacketLog log)
    {
        for (int i = 0; i < log.Count; i++)
        {
            if (log.At(i).State == SentPacketState.Outstanding)
            {
                log.Remove(i, SentPacketState.Acked);
            }
        }

        log.Trim();
    }

    private static void AssertSame(SentPacketLog log, SortedDictionary<long, SentFrame[]> model)
    {
        var listed = new List<long>();
        int eliciting = 0;
        long bytes = 0;
        for (int i = 0; i < log.Count; i++)
        {
            SentPacket packet = log.At(i);
            if (packet.State == SentPacketState.Outstanding)
            {
                listed.Add(packet.Number);
                eliciting += packet.IsAckEliciting ? 1 : 0;
                bytes += packet.IsInFlight ? packet.Size : 0;
                Assert.Equal(model[packet.Number].Length, packet.FrameCount);
                for (int j = 0; j < packet.FrameCount; j++)
                {
                    Assert.Equal(model[packet.Number][j], log.FrameOf(packet, j));
                }
            }
        }

        Assert.Equal(model.Keys, listed);
        Assert.Equal((eliciting, bytes, model.Count), (log.AckElicitingInFlight, log.BytesInFlight, log.Outstanding));
        Assert.All(model.Keys, number => Assert.True(log.TryGet(number, out _)));
        bool hasOldest = log.TryGetOldestAckEliciting(out SentPacket oldest);
        Assert.Equal(eliciting > 0, hasOldest);
        Assert.True(!hasOldest || oldest.IsAckEliciting);
    }
}
