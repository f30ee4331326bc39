using Quicprochat.Quic.Streams;

namespace Quicprochat.Quic.Tests.Streams;

public sealed class ReceiveBufferTests
{
    [Fact]
    public void Every_byte_is_read_once_and_in_order_whatever_order_and_overlap_pieces_have() =>
        Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 3000], Gen.Int[-1, 4000]).Array[1, 60].Sample(operations =>
        {
            var memory = new StreamMemory();
            var buffer = new ReceiveBuffer(memory);
            bool[] held = new bool[24_000];
            int read = 0;
            foreach ((int start, int length, int reads) in operations)
            {
                buffer.Insert(start, Pattern(start, length));
                held.AsSpan(start, length).Fill(true);
                int ordered = Array.IndexOf(held, false, read);
                Assert.Equal(ordered, buffer.OrderedEnd);
                if (reads >= 0)
                {
                    byte[] destination = new byte[reads];
                    int count = buffer.Read(destination);
                    Assert.Equal(Math.Min(reads, ordered - read), count);
                    Assert.Equal(Pattern(read, count), destination[..count]);
                    read += count;
                    held.AsSpan(0, read).Fill(true);
                }

                Assert.InRange(buffer.SegmentCount, 0, ((buffer.HighestEnd - buffer.ReadOffset) / Segment.Size) + 2);
            }

            buffer.Reset();
            Assert.Equal(0, memory.SegmentsRented);
        });

    [Fact]
    public void Six_byte_frames_with_one_byte_gaps_cost_no_more_than_the_window_and_its_marks()
    {
        // Attack class 5: on another stack this pinned gigabytes. Here 8 MiB of window are 8 MiB of segments and an eighth of marks.
        const int Window = 8 << 20;
        var memory = new StreamMemory(maxFreeSegments: 0);
        var buffer = new ReceiveBuffer(memory);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (long offset = 1; offset + 6 <= Window; offset += 7)
        {
            buffer.Insert(offset, "attack"u8);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, buffer.Readable);
        Assert.Equal(Window / Segment.Size, buffer.SegmentCount);
        Assert.InRange(allocated, Window, Window * 1.25);

        // Filling the gaps makes all of it readable, and reading gives all of it back.
        for (long offset = 0; offset < Window - 6; offset += 7)
        {
            buffer.Insert(offset, "!"u8);
        }

        byte[] seven = new byte[7];
        Assert.Equal(7, buffer.Read(seven));
        Assert.Equal("!attack"u8, seven);
        Assert.True(buffer.Readable > Window - 20);
        buffer.Advance((int)buffer.Readable);
        Assert.Equal(0, buffer.SegmentCount);
        Assert.Equal(0, memory.SegmentsRented);
    }

    [Fact]
    public void One_byte_in_every_segment_costs_no_more_than_the_window()
    {
        const int Window = 1 << 20;
        var memory = new StreamMemory();
        var buffer = new ReceiveBuffer(memory);
        for (long offset = Window - 1; offset > 0; offset -= 509)
        {
            buffer.Insert(offset, "x"u8);
        }

        Assert.Equal(Window / Segment.Size, buffer.SegmentCount);
        buffer.Free();
        Assert.Equal(0, memory.SegmentsRented);
    }

    [Fact]
    public void An_empty_buffer_holds_no_memory()
    {
        var memory = new StreamMemory();
        var buffer = new ReceiveBuffer(memory);
        byte[] hundred = new byte[100];
        for (int i = 0; i < 1000; i++)
        {
            buffer.Insert(i * 100, hundred);
            Assert.Equal(100, buffer.Read(hundred));
            Assert.Equal(0, memory.SegmentsRented);
        }

        Assert.InRange(memory.SegmentsFree, 1, 2); // used again and again; two where a piece crosses a border
    }

    [Fact]
    public void Marks_of_an_earlier_stream_are_not_seen_by_a_later_one()
    {
        var memory = new StreamMemory();
        var first = new ReceiveBuffer(memory);
        first.Insert(100, new byte[1000]);
        first.Free();

        var second = new ReceiveBuffer(memory);
        second.Insert(3000, new byte[10]);
        second.Insert(0, new byte[100]);
        Assert.Equal(100, second.OrderedEnd);
    }

    internal static byte[] Pattern(long start, int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = unchecked((byte)((start + i) * 31 >> 3));
        }

        return bytes;
    }
}
