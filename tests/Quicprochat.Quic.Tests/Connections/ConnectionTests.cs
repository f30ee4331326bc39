namespace Quicprochat.Quic.Tests.Connections;

public sealed class ConnectionTests
{
    [Fact]
    public void A_handshake_completes_and_is_confirmed_with_the_hybrid_group()
    {
        var pair = new Pair();
        Connection client = pair.Connect();
        pair.Run(() => client.IsConfirmed);
        Assert.Null(client.Fault);
        Assert.Null(client.CloseReason);
        Assert.True(client.IsConfirmed);
        Assert.True(pair.Accepted!.IsConfirmed);
        Assert.Equal(0x11ec, client.NegotiatedGroup);
        Assert.Equal("test", client.ApplicationProtocol);
        Assert.Equal("localhost", pair.Accepted.ServerName);
    }

    [Fact]
    public void Bytes_arrive_in_order_and_the_end_with_them()
    {
        var pair = new Pair();
        Connection client = pair.Connect();
        pair.Run(() => client.IsConfirmed);
        Assert.True(client.TryOpenStream(StreamType.Bidirectional, out StreamId id));
        byte[] data = [.. Enumerable.Range(0, 3_000_000).Select(i => (byte)(i * 31 >> 3))];
        int sent = 0;
        var received = new List<byte>();
        byte[] chunk = new byte[70_000];
        bool finished = false;
        pair.Run(() =>
        {
            if (sent < data.Length)
            {
                client.Write(id, data.AsSpan(sent), finish: true, out int taken);
                sent += taken;
            }
            StreamReadStatus status;
            while ((status = pair.Accepted!.Read(pair.Now, id, chunk, out int count, out _)) == StreamReadStatus.Data)
            {
                received.AddRange(chunk.AsSpan(0, count));
            }
            finished = status == StreamReadStatus.Finished;
            pair.Flush();
            return finished;
        }, horizon: 60_000_000);
        Assert.Null(client.CloseReason);
        Assert.True(finished, $"{received.Count} of {data.Length} after {pair.Now}, sent {sent}, {client.Statistics}");
        Assert.True(data.AsSpan().SequenceEqual(received.ToArray()));
    }
}
