using Quicprochat.Transport.Streams;

namespace Quicprochat.Transport.Tests.Streams;

public sealed class ByteQueueTests
{
    private const int Bound = 10_000;

    [Fact]
    public void It_behaves_as_a_bounded_queue() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 6000]).Array[0, 60].Sample(static steps =>
        {
            var queue = new ByteQueue();
            var model = new Queue<byte>();
            byte next = 0;
            foreach ((bool append, int count) in steps)
            {
                if (append)
                {
                    byte[] bytes = new byte[count];
                    foreach (ref byte value in bytes.AsSpan())
                    {
                        value = next++;
                    }
                    int taken = queue.Append(bytes, Bound);
                    Assert.InRange(taken, Math.Min(1, Math.Min(count, Bound - model.Count)), Math.Min(count, Bound - model.Count));
                    next = (byte)(next - (count - taken));
                    foreach (byte value in bytes.AsSpan(0, taken))
                    {
                        model.Enqueue(value);
                    }
                }
                else
                {
                    byte[] bytes = new byte[count];
                    int taken = queue.Take(bytes);
                    Assert.Equal(Math.Min(count, model.Count), taken);
                    for (int i = 0; i < taken; i++)
                    {
                        Assert.Equal(model.Dequeue(), bytes[i]);
                    }
                }
                Assert.Equal(model.Count, queue.Count);
                Assert.True(queue.Front.SequenceEqual(model.ToArray()));
            }
            queue.Clear();
        });

    [Fact]
    public void It_takes_no_more_than_its_bound()
    {
        var queue = new ByteQueue();
        Assert.Equal(100, queue.Append(new byte[300], 100));
        Assert.Equal(0, queue.Append(new byte[1], 100));
        Assert.True(queue.Free(100, 1).IsEmpty);
        queue.Clear();
        Assert.Equal(0, queue.Count);
    }
}
