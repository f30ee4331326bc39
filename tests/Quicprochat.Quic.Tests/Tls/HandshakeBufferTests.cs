using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

public sealed class HandshakeBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16_380)]
    [InlineData(16_381)]
    [InlineData(32_764)]
    [InlineData(32_765)]
    [InlineData(65_536)]
    public void Records_carry_the_message_and_nothing_else(int bodySize)
    {
        byte[] message = HelloEditor.Message(HandshakeType.Certificate, [.. Enumerable.Range(0, bodySize).Select(i => (byte)(i * 31))]);
        var buffer = new HandshakeBuffer();
        ReadOnlySpan<byte> input = [.. message, 1, 2];
        Assert.True(buffer.Append(ref input, out TransportError? error));
        Assert.Null(error);
        Assert.Equal(2, input.Length);
        Assert.Equal(message, buffer.Message.ToArray());
        var carried = new List<byte>();
        buffer.ConsumeRecords(23, (bytes, offset, length) =>
        {
            Assert.Equal([23, 3, 3, (byte)((length - 5) >> 8), (byte)(length - 5)], bytes[offset..(offset + 5)]);
            Assert.InRange(length - 5, 1, 16_384);
            carried.AddRange(bytes[(offset + 5)..(offset + length)]);
        });
        Assert.Equal(message, carried);
        Assert.False(buffer.IsPartial);
    }

    [Fact]
    public void An_announced_length_reserves_nothing()
    {
        var buffer = new HandshakeBuffer();
        long before = GC.GetAllocatedBytesForCurrentThread();
        ReadOnlySpan<byte> input = [(byte)HandshakeType.Certificate, 1, 0, 0, 5];
        Assert.False(buffer.Append(ref input, out TransportError? error));
        Assert.Null(error);
        Assert.True(buffer.IsPartial);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }
}
