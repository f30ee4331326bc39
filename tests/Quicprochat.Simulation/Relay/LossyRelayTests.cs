using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Quicprochat.Simulation.Relay;

public sealed class LossyRelayTests
{
    private const int Count = 400;
    private const int EndMark = int.MaxValue;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_same_seed_loses_the_same_datagrams_both_ways_and_the_relay_counts_them()
    {
        (List<int> first, Dictionary<string, int> counts) = await EchoThroughRelay("--seed 7 --loss 0.1");
        (List<int> again, _) = await EchoThroughRelay("--seed 7 --loss 0.1");
        (List<int> other, _) = await EchoThroughRelay("--seed 8 --loss 0.1");

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        // About 0.9 x 0.9 of them come back, in order.
        Assert.InRange(first.Count, Count * 70 / 100, Count * 90 / 100);
        Assert.Equal(first.Order(), first);
        Assert.True(counts["to-server lost"] + counts["to-client lost"] >= Count - first.Count);
        Assert.Equal(0, counts["to-server corrupted"] + counts["to-server duplicated"] + counts["to-server held"]);
    }

    [Fact]
    public async Task Corruption_duplication_delay_and_reordering_do_what_they_say()
    {
        (List<int> echoed, Dictionary<string, int> counts) = await EchoThroughRelay("--corrupt 0.05 --duplicate 0.1 --reorder 0.2 --hold 5 --delay 2 --jitter 1");

        Assert.Equal(0, counts["to-server lost"]);
        Assert.InRange(counts["to-server corrupted"], 5, 45);
        Assert.InRange(counts["to-server duplicated"], 15, 75);
        Assert.InRange(counts["to-server held"], 40, 130);
        Assert.NotEqual(echoed.Order(), echoed);
    }

    /// <summary>Sends numbered datagrams to an echo server through a relay; the numbers that come back, and the relay's account.</summary>
    private static async Task<(List<int> Echoed, Dictionary<string, int> Counts)> EchoThroughRelay(string options)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(_patience);
        using Socket server = Open();
        await using RelayProcess relay = await RelayProcess.StartAsync((IPEndPoint)server.LocalEndPoint!, options);
        using Socket client = Open();
        Task echo = Echo(server, stop.Token);
        var echoed = new List<int>();
        Task collect = Collect(client, echoed, stop.Token);
        byte[] datagram = new byte[200];
        for (int i = 0; i < Count; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(datagram, i);
            await client.SendToAsync(datagram, relay.EndPoint, stop.Token);
        }
        BinaryPrimitives.WriteInt32BigEndian(datagram, EndMark);
        while (!collect.IsCompleted)
        {
            // The mark may be lost too: again, until it comes back.
            await client.SendToAsync(datagram, relay.EndPoint, stop.Token);
            await Task.WhenAny(collect, Task.Delay(TimeSpan.FromMilliseconds(50), stop.Token));
        }
        await collect;
        Dictionary<string, int> counts = await relay.StopAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => echo);
        return (echoed, counts);
    }

    private static Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static async Task Echo(Socket socket, CancellationToken stop)
    {
        byte[] buffer = new byte[2_000];
        while (true)
        {
            SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), stop);
            await socket.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), received.RemoteEndPoint, stop);
        }
    }

    private static async Task Collect(Socket socket, List<int> echoed, CancellationToken stop)
    {
        byte[] buffer = new byte[2_000];
        while (true)
        {
            await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), stop);
            int number = BinaryPrimitives.ReadInt32BigEndian(buffer);
            if (number == EndMark)
            {
                return;
            }
            echoed.Add(number);
        }
    }
}
