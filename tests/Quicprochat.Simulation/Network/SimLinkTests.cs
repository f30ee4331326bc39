using System.Net;
using Quicprochat.Quic;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Network;

public sealed class SimLinkTests
{
    private static readonly Address _client = Address.From(IPAddress.Parse("192.0.2.1"), 1_000);
    private static readonly Address _server = Address.From(IPAddress.Parse("198.51.100.1"), 443);

    [Fact]
    public void A_delay_link_keeps_the_order_whatever_the_jitter()
    {
        Run run = Run.Through(new DelayLink(10_000, 5_000), count: 200, interval: 100);

        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), run.Arrived.Select(a => a.Datagram.Id));
        Assert.All(run.Arrived, a => Assert.InRange(a.Time - a.SentAt, 10_000, 15_000));
        Assert.True(run.Arrived.Select(a => a.Time - a.SentAt).Distinct().Count() > 50);
    }

    [Fact]
    public void A_rate_link_spaces_datagrams_and_drops_the_tail()
    {
        // 1,000 bytes and 28 of headers at 10 Mbit/s take 822.4 us; 40 arrive at once where one is served and 25 wait.
        Run run = Run.Through(new RateLink(10_000_000, 25), count: 40, interval: 0);

        Assert.Equal(26, run.Arrived.Count);
        Assert.Equal(Enumerable.Range(1, 26).Select(i => (long)i), run.Arrived.Select(a => a.Datagram.Id));
        Assert.Equal(822, run.Arrived[0].Time - run.Arrived[0].SentAt);
        Assert.Equal(25 * 822, run.Arrived[^1].Time - run.Arrived[0].Time);
    }

    [Fact]
    public void A_rate_link_marks_capable_datagrams_when_its_queue_is_long()
    {
        Run run = Run.Through(new RateLink(10_000_000, 25, markAt: 5), count: 20, interval: 0, ecn: i => i % 2 == 0 ? Ecn.Ect0 : Ecn.NotEct);

        Assert.All(run.Arrived.Take(5), a => Assert.NotEqual(Ecn.Ce, a.Datagram.Ecn));
        Assert.All(run.Arrived.Skip(5), a => Assert.Equal(a.Datagram.Id % 2 == 0 ? Ecn.Ce : Ecn.NotEct, a.Datagram.Ecn));
    }

    [Fact]
    public void A_loss_link_loses_at_its_rate_and_never_more_in_a_row_than_its_burst()
    {
        Run run = Run.Through(new LossLink(0.3, maxBurst: 3), count: 10_000);

        Assert.InRange(run.Lost.Count, 2_700, 3_100);
        Assert.Equal(3, run.LongestLoss());
    }

    [Fact]
    public void A_burst_loss_link_loses_in_bursts_of_the_expected_length()
    {
        Run run = Run.Through(new BurstLossLink(goodToBad: 0.01, badToGood: 0.25), count: 20_000);

        // In the long run 0.01 / (0.01 + 0.25) of the time is bad, in bursts of 1 / 0.25 = 4.
        Assert.InRange(run.Lost.Count, 600, 960);
        Assert.InRange(run.Lost.Count / (double)run.LossBursts(), 3.2, 4.8);
    }

    [Fact]
    public void A_drop_list_link_loses_what_is_listed()
    {
        Run run = Run.Through(new DropListLink(2, 3, 7), count: 10);

        Assert.Equal([2L, 3L, 7L], run.Lost);
    }

    [Fact]
    public void A_corrupt_link_changes_one_byte_at_its_rate()
    {
        Run run = Run.Through(new CorruptLink(0.3, maxBurst: 3), count: 10_000);

        Assert.Equal(10_000, run.Arrived.Count);
        int[] changes = [.. run.Arrived.Select(a => a.Datagram.Payload.Count(b => b != (byte)a.Datagram.Id))];
        Assert.InRange(changes.Count(c => c == 1), 2_700, 3_100);
        Assert.All(changes, c => Assert.InRange(c, 0, 1));
    }

    [Fact]
    public void A_reorder_link_lets_others_pass()
    {
        Run run = Run.Through(new ReorderLink(0.1, 10_000), count: 1_000, interval: 100);

        Assert.Equal(1_000, run.Arrived.Count);
        Assert.InRange(run.Arrived.Zip(run.Arrived.Skip(1)).Count(p => p.First.Datagram.Id > p.Second.Datagram.Id), 50, 130);
        Assert.All(run.Arrived, a => Assert.InRange(a.Time - a.SentAt, 0, 10_000));
    }

    [Fact]
    public void A_duplicate_link_delivers_copies_that_share_no_bytes()
    {
        Run run = Run.Through(new DuplicateLink(0.1, 1_000), count: 1_000, interval: 100);

        IGrouping<long, Arrival>[] twice = [.. run.Arrived.GroupBy(a => a.Datagram.Id).Where(g => g.Count() == 2)];
        Assert.InRange(twice.Length, 70, 130);
        Assert.Equal(1_000 + twice.Length, run.Arrived.Count);
        Assert.All(twice, g => Assert.NotSame(g.First().Datagram.Payload, g.Last().Datagram.Payload));
    }

    [Fact]
    public void An_ecn_link_marks_only_capable_datagrams()
    {
        Run run = Run.Through(new EcnMarkLink(1), count: 10, ecn: i => i <= 5 ? Ecn.Ect0 : Ecn.NotEct);

        Assert.All(run.Arrived, a => Assert.Equal(a.Datagram.Id <= 5 ? Ecn.Ce : Ecn.NotEct, a.Datagram.Ecn));
    }

    [Theory]
    [InlineData(999, 0)]
    [InlineData(1_000, 10)]
    public void An_mtu_link_loses_what_is_longer(int maxPayload, int arrived)
    {
        Run run = Run.Through(new MtuLink(maxPayload), count: 10);

        Assert.Equal(arrived, run.Arrived.Count);
    }

    [Fact]
    public void A_blackhole_link_works_and_fails_by_its_schedule()
    {
        Run run = Run.Through(new BlackholeLink(5 * SimClock.Second, 2 * SimClock.Second), count: 140, interval: 100_000);

        // Sent at 0.1, 0.2 ... 14.0 s: lost at 5.0 ... 6.9 and 12.0 ... 13.9.
        Assert.Equal(Enumerable.Range(50, 20).Concat(Enumerable.Range(120, 20)).Select(i => (long)i), run.Lost);
    }

    [Fact]
    public void A_link_draws_the_same_dice_whatever_stands_beside_it()
    {
        Run alone = Run.Through(new LossLink(0.5), count: 200);
        Run again = Run.Through(new LossLink(0.5), count: 200);
        Run other = Run.Through(new LossLink(0.5), count: 200, seed: 8);

        Assert.Equal(alone.Lost, again.Lost);
        Assert.NotEqual(alone.Lost, other.Lost);
    }

    private sealed record Arrival(long Time, long SentAt, SimDatagram Datagram);

    /// <summary>Datagrams of 1,000 bytes, each filled with its number, sent through one link.</summary>
    private sealed class Run
    {
        private readonly int _count;

        private Run(int count) => _count = count;

        public List<Arrival> Arrived { get; } = [];

        public List<long> Lost { get; private set; } = [];

        public static Run Through(SimLink link, int count, long interval = 10, ulong seed = 7, Func<int, Ecn>? ecn = null)
        {
            var run = new Run(count);
            var world = new SimWorld(seed);
            var sentAt = new Dictionary<long, long>();
            link.Attach(world, "test", d => run.Arrived.Add(new Arrival(world.Now, sentAt[d.Id], d)));
            for (int i = 1; i <= count; i++)
            {
                byte[] payload = new byte[1_000];
                payload.AsSpan().Fill((byte)i);
                var datagram = new SimDatagram { Id = i, Source = _client, Destination = _server, Ecn = ecn?.Invoke(i) ?? Ecn.NotEct, Payload = payload };
                sentAt[i] = world.Now + (i * interval);
                world.At(sentAt[i], () => link.Handle(datagram));
            }
            world.RunFor(100 * SimClock.Second);
            HashSet<long> arrived = [.. run.Arrived.Select(a => a.Datagram.Id)];
            run.Lost = [.. Enumerable.Range(1, count).Select(i => (long)i).Where(i => !arrived.Contains(i))];
            return run;
        }

        public int LossBursts() => Lost.Count(id => !Lost.Contains(id - 1));

        public int LongestLoss()
        {
            HashSet<long> lost = [.. Lost];
            int longest = 0;
            int current = 0;
            for (int i = 1; i <= _count; i++)
            {
                current = lost.Contains(i) ? current + 1 : 0;
                longest = Math.Max(longest, current);
            }
            return longest;
        }
    }
}
