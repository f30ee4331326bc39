namespace Quicprochat.Transport.Tests;

public sealed class ConnectionTests
{
    [Fact]
    public async Task What_is_sent_comes_back()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        (QuicStream here, QuicStream there) = await Loopback.OpenAsync(client, server);
        await here.WriteAsync("hello"u8.ToArray(), completeWrites: true, Loopback.Patience);
        byte[] buffer = new byte[100];
        int count = await there.ReadAtLeastAsync(buffer, 100, throwOnEndOfStream: false, Loopback.Patience);
        Assert.Equal("hello"u8.ToArray(), buffer[..count]);
        await there.WriteAsync(buffer.AsMemory(0, count), completeWrites: true, Loopback.Patience);
        count = await here.ReadAtLeastAsync(buffer, 100, throwOnEndOfStream: false, Loopback.Patience);
        Assert.Equal("hello"u8.ToArray(), buffer[..count]);
    }
}
