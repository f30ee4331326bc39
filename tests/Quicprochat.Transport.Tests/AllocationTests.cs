namespace Quicprochat.Transport.Tests;

/// <summary>Alone in the process, because allocations are counted for all of it.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    [Fact]
    public async Task Reads_and_writes_allocate_nothing_once_warm()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        Task echo = Task.Run(() => StreamTests.EchoAsync(accepted), Loopback.Patience);
        byte[] message = new byte[64];
        await RoundTripsAsync(opened, message, 2000);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await RoundTripsAsync(opened, message, 2000);
        long each = (GC.GetTotalAllocatedBytes(precise: true) - before) / 2000;
        // Both ends and the state machines of both; a task or a closure for each operation would be several hundred bytes.
        Assert.InRange(each, 0, 300);
        opened.CompleteWrites();
        await echo;
    }

    private static async Task RoundTripsAsync(QuicStream stream, byte[] message, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await stream.WriteAsync(message, CancellationToken.None);
            await stream.ReadExactlyAsync(message, CancellationToken.None);
        }
    }
}
