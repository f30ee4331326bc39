using System.Net;
using Quicprochat.Quic;
using Quicprochat.Transport.Sockets;

namespace Quicprochat.Transport.Tests.Sockets;

public sealed class SendBatchTests
{
    private static readonly NetworkPath _path = new(default, Address.From(IPAddress.Loopback, 1));

    [Fact]
    public void Transmits_leave_in_the_order_they_came()
    {
        var batch = new SendBatch();
        for (int i = 1; i <= 3; i++)
        {
            batch.Free[0] = (byte)i;
            batch.Add(new Transmit(_path, i, i, Ecn.NotEct));
        }
        batch.Remove(1);
        Assert.Equal((2, 2, 2), (batch.Count, batch[0].Length, batch.Buffer[batch.OffsetOf(0)]));
        batch.Remove(2);
        Assert.True(batch.IsEmpty);
        Assert.Equal(0, batch.OffsetOf(0));
    }

    [Fact]
    public void What_was_sent_of_a_transmit_is_not_sent_again()
    {
        var batch = new SendBatch();
        batch.Add(new Transmit(_path, 2500, 1000, Ecn.NotEct));
        batch.KeepOnly(1500);
        Assert.Equal((1500, 1000, 1000), (batch[0].Length, batch[0].SegmentSize, batch.OffsetOf(0)));
    }

    [Fact]
    public void It_is_full_by_number_and_by_bytes()
    {
        var byNumber = new SendBatch();
        for (int i = 0; i < SendBatch.Capacity; i++)
        {
            Assert.True(byNumber.HasRoom);
            byNumber.Add(new Transmit(_path, 1, 1, Ecn.NotEct));
        }
        Assert.False(byNumber.HasRoom);

        var byBytes = new SendBatch();
        byBytes.Add(new Transmit(_path, SendBatch.TransmitSizeMax, 1000, Ecn.NotEct));
        Assert.True(byBytes.HasRoom);
        byBytes.Add(new Transmit(_path, 1, 1, Ecn.NotEct));
        Assert.False(byBytes.HasRoom);
    }
}
