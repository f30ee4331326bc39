using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic.Tests.Recovery;

public sealed class ReceivedPacketsTests
{
    [Fact]
    public void Numbers_in_order_are_one_range()
    {
        var received = new ReceivedPackets();
        for (long i = 0; i < 1000; i++)
        {
            Assert.True(received.Insert(i));
        }

        Assert.Equal([new AckRange(0, 999)], received.Descending.ToArray());
        Assert.Equal(999, received.Largest);
    }

    [Fact]
    public void A_duplicate_is_told()
    {
        var received = new ReceivedPackets();
        Assert.True(received.Insert(7));
        Assert.False(received.Insert(7));
        Assert.True(received.Insert(5));
        Assert.False(received.Insert(5));
        Assert.True(received.Insert(6));
        Assert.False(received.Insert(5));
        Assert.Equal([new AckRange(5, 7)], received.Descending.ToArray());
    }

    [Fact]
    public void Ranges_are_what_a_set_would_hold() =>
        Gen.Long[0, 60].Array[0, 120].Sample(numbers =>
        {
            var received = new ReceivedPackets();
            var model = new HashSet<long>();
            foreach (long number in numbers)
            {
                Assert.Equal(model.Add(number), received.Insert(number));
            }

            Assert.Equal(model.OrderDescending(), received.Descending.ToArray().SelectMany(Numbers));
            Assert.All(Enumerable.Range(0, 70), i => Assert.Equal(model.Contains(i), received.Contains(i)));
            AssertApart(received);
        });

    [Fact]
    public void Whatever_is_skipped_the_ranges_stay_bounded_and_nothing_is_taken_twice() =>
        Gen.Long[0, 1000].Array[0, 600].Sample(numbers =>
        {
            var received = new ReceivedPackets();
            var model = new HashSet<long>();
            foreach (long number in numbers.Select(n => n * 2))
            {
                bool isNew = model.Add(number);
                bool taken = received.Insert(number);
                Assert.False(taken && !isNew);
                Assert.True(taken || !isNew || number < received.Floor);
                Assert.True(received.Contains(number));
                Assert.InRange(received.Descending.Length, 0, ReceivedPackets.MaxRanges);
            }

            Assert.Equal(model.Where(n => n >= received.Floor).OrderDescending(), received.Descending.ToArray().SelectMany(Numbers));
            AssertApart(received);
        });

    [Fact]
    public void The_oldest_range_goes_first()
    {
        var received = new ReceivedPackets();
        for (long i = 0; i < ReceivedPackets.MaxRanges; i++)
        {
            received.Insert(10 + (i * 2));
        }

        Assert.True(received.Insert(1000));
        Assert.Equal(ReceivedPackets.MaxRanges, received.Descending.Length);
        Assert.Equal(11, received.Floor);
        Assert.False(received.Insert(10));
        Assert.False(received.Insert(9));
        Assert.True(received.Insert(11));
    }

    [Fact]
    public void A_number_older_than_a_full_list_is_taken_once()
    {
        var received = new ReceivedPackets();
        for (long i = 0; i < ReceivedPackets.MaxRanges; i++)
        {
            received.Insert(10 + (i * 2));
        }

        Assert.True(received.Insert(3));
        Assert.False(received.Insert(3));
        Assert.Equal(ReceivedPackets.MaxRanges, received.Descending.Length);
    }

    [Fact]
    public void What_the_peer_has_seen_acknowledged_is_forgotten()
    {
        var received = new ReceivedPackets();
        foreach (long number in (long[])[0, 1, 2, 5, 6, 9])
        {
            received.Insert(number);
        }

        received.ForgetBelow(6);
        Assert.Equal([Acks.One(9), Acks.One(6)], received.Descending.ToArray());
        Assert.False(received.Insert(3));
        received.ForgetBelow(100);
        Assert.Equal(0, received.Descending.Length);
        Assert.Equal(9, received.Largest);
        Assert.True(received.Insert(100));
    }

    private static IEnumerable<long> Numbers(AckRange range)
    {
        for (long number = range.Largest; number >= range.Smallest; number--)
        {
            yield return number;
        }
    }

    private static void AssertApart(ReceivedPackets received)
    {
        for (int i = 1; i < received.Descending.Length; i++)
        {
            Assert.True(received.Descending[i].Largest + 1 < received.Descending[i - 1].Smallest);
        }
    }
}
