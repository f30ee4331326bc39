using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic.Tests.Recovery;

public sealed class LossDetectorTests
{
    private const SentPacketFlags Eliciting = SentPacketFlags.AckEliciting | SentPacketFlags.InFlight;
    private readonly SentPacketLog _log = new();
    private readonly LossDetector _detector;
    private readonly AckOutcome _outcome = new();

    public LossDetectorTests() => _detector = new LossDetector(_log);

    [Fact]
    public void Three_packets_behind_an_acknowledged_one_a_packet_is_lost()
    {
        SendUpTo(4);
        Assert.Null(_detector.Acknowledge(_outcome, Acks.One(3)));
        _detector.DetectLost(10, Rtt(100_000), 0, _outcome);
        Assert.Equal([0], Numbers(_outcome.Lost));
        Assert.Equal([3], Numbers(_outcome.Acked));
        Assert.Equal(1 + 112_500, _detector.LossTime);
    }

    [Fact]
    public void A_packet_sent_long_enough_before_is_lost_by_its_age()
    {
        SendUpTo(2);
        _detector.Acknowledge(_outcome, Acks.One(1));
        RttEstimator rtt = Rtt(100_000);
        _detector.DetectLost(112_499, rtt, 0, _outcome);
        Assert.Empty(Numbers(_outcome.Lost));
        Assert.Equal(112_500, _detector.LossTime);
        _detector.DetectLost(112_500, rtt, 0, _outcome);
        Assert.Equal([0], Numbers(_outcome.Lost));
        Assert.Equal(LossDetector.Never, _detector.LossTime);
        Assert.Equal(0, _log.BytesInFlight);
    }

    [Fact]
    public void What_was_sent_after_the_largest_acknowledged_is_never_lost()
    {
        SendUpTo(9);
        _detector.Acknowledge(_outcome, Acks.One(2));
        _detector.DetectLost(1_000_000_000, Rtt(100_000), 0, _outcome);
        Assert.Equal([0, 1], Numbers(_outcome.Lost));
        Assert.Equal(LossDetector.Never, _detector.LossTime);
        Assert.Equal(6, _log.Outstanding);
    }

    [Fact]
    public void Each_packet_is_acknowledged_once()
    {
        SendUpTo(6);
        _detector.Acknowledge(_outcome, new AckRange(4, 5), new AckRange(0, 1));
        Assert.Equal([0, 1, 4, 5], Numbers(_outcome.Acked).Order());
        Assert.True(_outcome.IsLargestNew && _outcome.RaisesLargest && _outcome.AcksAckEliciting);
        Assert.Equal(5, _outcome.LargestAcked.Number);

        _outcome.Clear();
        _detector.Acknowledge(_outcome, new AckRange(2, 5));
        Assert.Equal([2, 3], Numbers(_outcome.Acked).Order());
        Assert.False(_outcome.IsLargestNew || _outcome.RaisesLargest);
    }

    [Fact]
    public void A_late_acknowledgement_of_a_lost_packet_is_nothing_new()
    {
        SendUpTo(5);
        _detector.Acknowledge(_outcome, Acks.One(4));
        _detector.DetectLost(0, Rtt(100_000), 0, _outcome);
        Assert.Equal([0, 1], Numbers(_outcome.Lost));
        _outcome.Clear();
        _detector.Acknowledge(_outcome, new AckRange(0, 4));
        Assert.Equal([2, 3], Numbers(_outcome.Acked).Order());
    }

    [Fact]
    public void An_acknowledgement_of_what_was_never_sent_is_an_offence()
    {
        SendUpTo(3);
        Assert.Equal(TransportErrorCode.ProtocolViolation, _detector.Acknowledge(_outcome, new AckRange(0, 3))?.Code);
        Assert.Equal(TransportErrorCode.ProtocolViolation, new LossDetector(new SentPacketLog()).Acknowledge(_outcome, Acks.One(0))?.Code);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(0, 5)]
    [InlineData(2, 3)]
    public void An_acknowledgement_of_a_skipped_number_is_an_offence(long smallest, long largest)
    {
        SendUpTo(3);
        _log.Skip(3);
        Send(4, 0);
        Send(5, 0);
        Assert.Equal(TransportErrorCode.ProtocolViolation, _detector.Acknowledge(_outcome, new AckRange(smallest, largest))?.Code);
        Assert.Null(_detector.Acknowledge(new AckOutcome(), new AckRange(4, 5), new AckRange(0, 2)));
    }

    [Fact]
    public void Packets_of_acknowledgements_alone_leave_without_a_timer_or_a_report()
    {
        _log.Commit(new SentPacket(0, 0, 40, SentPacketFlags.None));
        Send(1, 0);
        _detector.Acknowledge(_outcome, Acks.One(1));
        _detector.DetectLost(10, Rtt(100_000), 0, _outcome);
        Assert.Equal(LossDetector.Never, _detector.LossTime);
        for (long number = 2; number < 6; number++)
        {
            Send(number, 10);
        }

        _detector.Acknowledge(_outcome, new AckRange(2, 5));
        _detector.DetectLost(20, Rtt(100_000), 0, _outcome);
        Assert.Empty(Numbers(_outcome.Lost));
        Assert.Equal(0, _log.Outstanding);
    }

    [Fact]
    public void Persistent_congestion_is_established_as_in_the_rfcs_example()
    {
        // RFC 9002 §7.6.3, one unit being a second: packets 2 to 8 are lost, sent from 1 to 8, and 7 exceeds 2 * 3.
        RttEstimator rtt = Rtt(1_000_000, at: -1);
        Send(1, 0);
        Send(2, 1_000_000);
        _detector.Acknowledge(_outcome, Acks.One(1));
        _detector.DetectLost(1_200_000, rtt, 0, _outcome);
        (long Number, long Second)[] sent = [(3, 2), (4, 3), (5, 4), (6, 5), (7, 6), (8, 8), (9, 12)];
        foreach ((long number, long second) in sent)
        {
            Send(number, second * 1_000_000);
        }

        _outcome.Clear();
        _detector.Acknowledge(_outcome, Acks.One(9));
        _detector.DetectLost(12_200_000, rtt, 0, _outcome);
        Assert.Equal([2, 3, 4, 5, 6, 7, 8], Numbers(_outcome.Lost));
        Assert.Equal(7_000_000, _outcome.LossDuration);
    }

    [Fact]
    public void An_acknowledged_packet_in_between_breaks_the_period()
    {
        RttEstimator rtt = Rtt(1_000, at: -1);
        for (long number = 0; number < 10; number++)
        {
            Send(number, number * 1_000_000);
        }

        _detector.Acknowledge(_outcome, Acks.One(9), Acks.One(3));
        _detector.DetectLost(9_100_000, rtt, 0, _outcome);
        Assert.Equal(4_000_000, _outcome.LossDuration); // 4 to 8; without 3 it would be 0 to 8
    }

    [Fact]
    public void A_break_is_remembered_when_the_log_is_packed()
    {
        RttEstimator rtt = Rtt(1_000, at: -1);
        for (long number = 0; number < 10; number++)
        {
            Send(number, number * 1_000_000);
        }

        _log.Remove(_log.FirstAtOrAfter(3), SentPacketState.Acked);
        _log.TrimExcess();
        _detector.Acknowledge(_outcome, Acks.One(9));
        _detector.DetectLost(9_100_000, rtt, 0, _outcome);
        Assert.Equal(4_000_000, _outcome.LossDuration);
    }

    [Fact]
    public void Only_packets_sent_after_the_first_sample_and_on_the_path_prove_it()
    {
        for (long number = 0; number < 10; number++)
        {
            _log.Commit(new SentPacket(number, number * 1_000_000, 100, number == 8 ? SentPacketFlags.InFlight : Eliciting, PathId: number < 7 ? 1 : 2));
        }

        _detector.Acknowledge(_outcome, Acks.One(9));
        _detector.DetectLost(9_100_000, Rtt(1_000, at: 2_000_000), pathId: 1, _outcome);
        Assert.Equal(3_000_000, _outcome.LossDuration); // 3 to 6
    }

    [Fact]
    public void Acknowledging_and_losing_in_any_order_accounts_for_every_packet_once() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20], Gen.Int[1, 8]).Array[1, 60].Sample(rounds =>
        {
            var log = new SentPacketLog();
            var detector = new LossDetector(log);
            var outcome = new AckOutcome();
            var settled = new HashSet<long>();
            long next = 0;
            long now = 0;
            foreach ((int back, int length, int sends) in rounds)
            {
                for (int i = 0; i < sends; i++)
                {
                    log.Commit(new SentPacket(next++, now, 100, Eliciting));
                }

                now += 20_000;
                long largest = Math.Max(next - 1 - back, 0);
                outcome.Clear();
                Assert.Null(detector.Acknowledge(outcome, new AckRange(Math.Max(largest - length, 0), largest)));
                detector.DetectLost(now, Rtt(50_000), 0, outcome);
                Assert.All(Numbers(outcome.Acked).Concat(Numbers(outcome.Lost)), number => Assert.True(settled.Add(number)));
                Assert.Equal(next - settled.Count, log.Outstanding);
                Assert.Equal(100 * log.Outstanding, log.BytesInFlight);
                Assert.All(Numbers(outcome.Lost), number => Assert.True(number < detector.LargestAcked));
                Assert.True(detector.LossTime == LossDetector.Never || detector.LossTime > now);
            }
        });

    private static RttEstimator Rtt(long value, long at = 0)
    {
        var rtt = new RttEstimator(value);
        rtt.Update(at, value, 0, 0);
        return rtt;
    }

    private static long[] Numbers(ReadOnlySpan<SentPacket> packets)
    {
        long[] numbers = new long[packets.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = packets[i].Number;
        }

        return numbers;
    }

    private void SendUpTo(long end)
    {
        for (long number = 0; number < end; number++)
        {
            Send(number, number);
        }
    }

    private void Send(long number, long now) => _log.Commit(new SentPacket(number, now, 100, Eliciting));
}
