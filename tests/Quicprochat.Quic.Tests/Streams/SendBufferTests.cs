using Quicprochat.Quic.Streams;

namespace Quicprochat.Quic.Tests.Streams;

public sealed class SendBufferTests
{
    private enum Byte
    {
        Unsent,
        InFlight,
        Lost,
        Acked,
    }

    [Fact]
    public void Each_byte_is_unsent_in_flight_lost_or_acknowledged_as_a_model_says() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 100_000], Gen.Int[1, 3000]).Array[1, 50].Sample(operations =>
        {
            var memory = new StreamMemory();
            var buffer = new SendBuffer(memory);
            var model = new List<Byte>();
            var flights = new List<(long Offset, int Length)>();
            foreach ((int kind, int pick, int size) in operations)
            {
                switch (kind)
                {
                    case 0:
                        buffer.Write(ReceiveBufferTests.Pattern(model.Count, size));
                        model.AddRange(Enumerable.Repeat(Byte.Unsent, size));
                        break;
                    case 1 or 2:
                        SendOne(ref buffer, model, flights, size);
                        break;
                    default:
                        Settle(ref buffer, model, flights, pick, acks: kind != 5);
                        break;
                }

                AssertSame(buffer, model);
            }

            // Whatever happened, repairing and acknowledging everything empties it.
            while (SendOne(ref buffer, model, flights, 1200))
            {
            }

            while (flights.Count > 0)
            {
                Settle(ref buffer, model, flights, 0, acks: true);
            }

            Assert.True(buffer.IsAllAcked);
            Assert.Equal(0, memory.SegmentsRented);
        });

    [Fact]
    public void An_acknowledgement_of_a_copy_spares_the_repair()
    {
        var buffer = new SendBuffer(new StreamMemory());
        buffer.Write(new byte[3000]);
        buffer.TakeUnsent(3000);
        buffer.OnLost(1000, 1000);
        Assert.True(buffer.TryPeekLost(5000, out long offset, out int length));
        Assert.Equal((1000, 1000), (offset, length));
        buffer.OnAcked(1200, 300);
        Assert.True(buffer.TryPeekLost(5000, out offset, out length));
        Assert.Equal((1000, 200), (offset, length));
        buffer.TakeLost(1000, 200);
        Assert.True(buffer.TryPeekLost(5000, out offset, out length));
        Assert.Equal((1500, 500), (offset, length));
        buffer.OnAcked(1500, 500);
        Assert.False(buffer.HasLost);
    }

    [Fact]
    public void Lost_bytes_join_over_the_border_of_segments()
    {
        var buffer = new SendBuffer(new StreamMemory());
        buffer.Write(new byte[3 * Segment.Size]);
        buffer.TakeUnsent(3 * Segment.Size);
        buffer.OnLost(Segment.Size - 100, Segment.Size + 200);
        Assert.True(buffer.TryPeekLost(int.MaxValue, out long offset, out int length));
        Assert.Equal((Segment.Size - 100, Segment.Size + 200), (offset, length));
    }

    [Fact]
    public void Acknowledgements_of_every_other_packet_cost_marks_and_no_more()
    {
        // A peer that acknowledges every other byte cannot make the sender keep a list of what it acknowledged.
        var memory = new StreamMemory(maxFreeSegments: 0);
        var buffer = new SendBuffer(memory);
        buffer.Write(new byte[1 << 20]);
        buffer.TakeUnsent(1 << 20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (long offset = 1; offset < 1 << 20; offset += 2)
        {
            buffer.OnAcked(offset, 1);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 18);
        buffer.OnLost(0, 1 << 20);
        Assert.True(buffer.TryPeekLost(100, out long first, out int length));
        Assert.Equal((0, 1), (first, length));
    }

    private static bool SendOne(ref SendBuffer buffer, List<Byte> model, List<(long Offset, int Length)> flights, int size)
    {
        if (buffer.TryPeekLost(size, out long offset, out int length))
        {
            Assert.Equal(model.IndexOf(Byte.Lost), offset);
            buffer.TakeLost(offset, length);
        }
        else
        {
            offset = buffer.SentEnd;
            length = (int)Math.Min(size, buffer.Unsent);
            buffer.TakeUnsent(length);
        }

        if (length == 0)
        {
            return false;
        }

        byte[] bytes = new byte[length];
        buffer.CopyTo(offset, bytes);
        Assert.Equal(ReceiveBufferTests.Pattern(offset, length), bytes);
        for (int i = (int)offset; i < offset + length; i++)
        {
            Assert.True(model[i] is Byte.Unsent or Byte.Lost);
            model[i] = Byte.InFlight;
        }

        flights.Add((offset, length));
        return true;
    }

    private static void Settle(ref SendBuffer buffer, List<Byte> model, List<(long Offset, int Length)> flights, int pick, bool acks)
    {
        if (flights.Count == 0)
        {
            return;
        }

        (long offset, int length) = flights[pick % flights.Count];

        // A lost packet may still be acknowledged later, as after a spurious loss: it stays in the list every other time.
        if (acks || pick % 2 == 0)
        {
            flights.RemoveAt(pick % flights.Count);
        }

        if (acks)
        {
            buffer.OnAcked(offset, length);
        }
        else
        {
            buffer.OnLost(offset, length);
        }

        for (int i = (int)offset; i < offset + length; i++)
        {
            model[i] = acks ? Byte.Acked : model[i] == Byte.Acked ? Byte.Acked : Byte.Lost;
        }
    }

    private static void AssertSame(in SendBuffer buffer, List<Byte> model)
    {
        int unacked = model.FindIndex(state => state != Byte.Acked);
        Assert.Equal(unacked < 0 ? model.Count : unacked, buffer.AckedEnd);
        Assert.Equal(model.Count(state => state == Byte.Unsent), buffer.Unsent);
        Assert.Equal(model.Contains(Byte.Lost), buffer.HasLost);
        if (buffer.TryPeekLost(int.MaxValue, out long offset, out int length))
        {
            int first = model.IndexOf(Byte.Lost);
            int end = model.FindIndex(first, state => state != Byte.Lost);
            Assert.Equal((first, (end < 0 ? model.Count : end) - first), (offset, length));
        }
    }
}
