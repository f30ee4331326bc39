using Quicprochat.Crypto;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Packets;

public sealed class RetryIntegrityTests
{
    private static readonly CryptoProvider _provider = CryptoProvider.Native;

    [Fact]
    public void No_bit_of_a_retry_can_be_flipped()
    {
        ConnectionId original = ConnectionId.From([1, 2, 3, 4, 5, 6, 7, 8]);
        byte[] packet = Write(original, "some token"u8.ToArray());
        Assert.True(RetryIntegrity.IsValid(_provider, packet, original));
        for (int bit = 0; bit < packet.Length * 8; bit++)
        {
            byte[] other = [.. packet];
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(RetryIntegrity.IsValid(_provider, other, original));
        }
    }

    [Fact]
    public void A_retry_answers_one_initial_only()
    {
        byte[] packet = Write(ConnectionId.From([1, 2, 3]), [1]);
        Assert.False(RetryIntegrity.IsValid(_provider, packet, ConnectionId.From([1, 2])));
        Assert.False(RetryIntegrity.IsValid(_provider, packet, default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(RetryIntegrity.PacketSizeMax + 1)]
    [InlineData(65_527)]
    public void A_packet_of_any_size_is_judged(int size) =>
        Assert.False(RetryIntegrity.IsValid(_provider, new byte[size], default));

    [Fact]
    public void The_longest_packet_is_written_and_verified()
    {
        ConnectionId original = ConnectionId.From(new byte[20]);
        int tokenLength = RetryIntegrity.PacketSizeMax - RetryIntegrity.SizeOf(original, original, 0);
        byte[] packet = Write(original, new byte[tokenLength]);
        Assert.Equal(RetryIntegrity.PacketSizeMax, packet.Length);
        Assert.True(RetryIntegrity.IsValid(_provider, packet, original));
    }

    private static byte[] Write(ConnectionId original, byte[] token)
    {
        var writer = new Writer(new byte[1600]);
        var retry = new LongHeader
        {
            Type = LongPacketType.Retry,
            Destination = ConnectionId.From(new byte[20]),
            Source = ConnectionId.From(new byte[20]),
            Token = token,
        };
        RetryIntegrity.Write(_provider, retry, original, 0, ref writer);
        return writer.Written.ToArray();
    }
}
