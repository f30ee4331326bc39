using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Packets;

public sealed class PacketNumberTests
{
    [Fact]
    public void A_peer_that_has_received_anything_since_the_last_acknowledged_packet_finds_the_number() =>
        Gen.Select(Gen.Long[-1, 1L << 61], Gen.Long[1, 1L << 30], Gen.Double[0, 1]).Sample((acknowledged, distance, received) =>
        {
            long packetNumber = acknowledged + distance;
            int length = PacketNumber.EncodedLength(packetNumber, acknowledged);
            uint truncated = (uint)(packetNumber & ((1L << (8 * length)) - 1));
            long largestReceived = acknowledged + (long)((distance - 1) * received);
            Assert.Equal(packetNumber, PacketNumber.Decode(truncated, length, largestReceived));
        });

    [Fact]
    public void A_number_that_comes_late_is_found_too() =>
        Gen.Select(Gen.Long[0, 1L << 61], Gen.Long[1, 1L << 22]).Sample((acknowledged, distance) =>
        {
            long packetNumber = acknowledged + distance;
            int length = PacketNumber.EncodedLength(packetNumber, acknowledged);
            uint truncated = (uint)(packetNumber & ((1L << (8 * length)) - 1));
            Assert.Equal(packetNumber, PacketNumber.Decode(truncated, length, packetNumber + distance - 1));
        });

    [Theory]
    [InlineData(0, -1, 1)]
    [InlineData(126, -1, 1)]
    [InlineData(127, -1, 2)]
    [InlineData(1127, 1000, 1)]
    [InlineData(1128, 1000, 2)]
    [InlineData((1 << 15) - 2, -1, 2)]
    [InlineData((1 << 15) - 1, -1, 3)]
    [InlineData((1 << 23) - 2, -1, 3)]
    [InlineData((1 << 23) - 1, -1, 4)]
    [InlineData(1L << 40, -1, 4)]
    public void The_length_spans_more_than_twice_the_distance(long packetNumber, long acknowledged, int expected) =>
        Assert.Equal(expected, PacketNumber.EncodedLength(packetNumber, acknowledged));

    [Theory]
    [InlineData(999, 872 & 0xff, 1128)]
    [InlineData(999, 873 & 0xff, 873)]
    [InlineData(799, 928 & 0xff, 928)]
    [InlineData(799, 929 & 0xff, 673)]
    [InlineData(PacketNumber.None, 0xff, 0xff)]
    [InlineData(VarInt.Max, 0x00, VarInt.Max - 0xff)]
    public void Of_two_numbers_as_near_the_greater_is_taken(long largest, uint truncated, long expected) =>
        Assert.Equal(expected, PacketNumber.Decode(truncated, 1, largest));

    [Fact]
    public void Decoding_stays_within_the_numbers_there_are() =>
        Gen.Select(Gen.OneOf(Gen.Long[-1, 300], Gen.Long[VarInt.Max - 300, VarInt.Max], Gen.Long[-1, VarInt.Max]), Gen.Int[1, 4], Gen.UInt)
            .Sample((largest, length, bits) =>
            {
                uint truncated = (uint)(bits & ((1L << (8 * length)) - 1));
                long decoded = PacketNumber.Decode(truncated, length, largest);
                Assert.InRange(decoded, 0, VarInt.Max);
                Assert.Equal(truncated, (uint)(decoded & ((1L << (8 * length)) - 1)));
                long window = 1L << (8 * length);
                Assert.True(Math.Abs(decoded - (largest + 1)) <= window / 2 || decoded < window || decoded > VarInt.Max - window);
            });
}
