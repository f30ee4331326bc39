using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Frames;

public sealed class FrameTypeTests
{
    /// <summary>RFC 9000 §12.4, Table 3, and RFC 9221 §4: type, letters of "Pkts" (0-RTT left out), letters of "Spec".</summary>
    public static TheoryData<long, long, string, string> Table3 => new()
    {
        { 0x00, 0x00, "IH1", "NP" },
        { 0x01, 0x01, "IH1", "" },
        { 0x02, 0x03, "IH1", "NC" },
        { 0x04, 0x04, "1", "" },
        { 0x05, 0x05, "1", "" },
        { 0x06, 0x06, "IH1", "" },
        { 0x07, 0x07, "1", "" },
        { 0x08, 0x0f, "1", "F" },
        { 0x10, 0x10, "1", "" },
        { 0x11, 0x11, "1", "" },
        { 0x12, 0x13, "1", "" },
        { 0x14, 0x14, "1", "" },
        { 0x15, 0x15, "1", "" },
        { 0x16, 0x17, "1", "" },
        { 0x18, 0x18, "1", "P" },
        { 0x19, 0x19, "1", "" },
        { 0x1a, 0x1a, "1", "P" },
        { 0x1b, 0x1b, "1", "P" },
        { 0x1c, 0x1c, "IH1", "N" },
        { 0x1d, 0x1d, "1", "N" },
        { 0x1e, 0x1e, "1", "" },
        { 0x30, 0x31, "1", "" },
    };

    [Theory]
    [MemberData(nameof(Table3))]
    public void Types_follow_Table_3(long first, long last, string packets, string special)
    {
        for (long type = first; type <= last; type++)
        {
            Assert.True(FrameType.IsKnown(type));
            Assert.Equal(packets.Contains('I', StringComparison.Ordinal), FrameType.IsAllowed(type, EncryptionLevel.Initial));
            Assert.Equal(packets.Contains('H', StringComparison.Ordinal), FrameType.IsAllowed(type, EncryptionLevel.Handshake));
            Assert.Equal(packets.Contains('1', StringComparison.Ordinal), FrameType.IsAllowed(type, EncryptionLevel.Application));
            Assert.Equal(!special.Contains('N', StringComparison.Ordinal), FrameType.IsAckEliciting(type));
            Assert.Equal(special.Contains('P', StringComparison.Ordinal), FrameType.IsProbing(type));
            Assert.Equal(special.Contains('F', StringComparison.Ordinal), FrameType.IsStream(type));
        }
    }

    [Fact]
    public void All_other_types_are_unknown_and_allowed_nowhere()
    {
        var known = Table3.SelectMany(row => Enumerable.Range((int)row.Data.Item1, (int)(row.Data.Item2 - row.Data.Item1 + 1))).Select(type => (long)type).ToHashSet();
        Assert.Equal(33, known.Count);
        long[] others = [.. Enumerable.Range(0, 300).Select(type => (long)type).Where(type => !known.Contains(type)), VarInt.Max, long.MaxValue, -1, long.MinValue];
        Assert.All(others, type =>
        {
            Assert.False(FrameType.IsKnown(type));
            Assert.False(FrameType.IsAllowed(type, EncryptionLevel.Application));
            Assert.False(FrameType.IsAckEliciting(type));
            Assert.False(FrameType.IsProbing(type));
            Assert.False(FrameType.IsStream(type));
        });
    }

    [Theory]
    [InlineData("01", 1, true)]
    [InlineData("4001", 1, false)]
    [InlineData("80000001", 1, false)]
    [InlineData("c000000000000001", 1, false)]
    [InlineData("4040", 64, true)]
    [InlineData("80000040", 64, false)]
    public void A_type_tells_whether_it_is_in_its_shortest_form(string hex, long expected, bool isShortest)
    {
        var reader = new Reader(Convert.FromHexString(hex));
        Assert.True(FrameType.TryRead(ref reader, out long type, out bool isMinimal));
        Assert.Equal(expected, type);
        Assert.Equal(isShortest, isMinimal);
    }

    [Fact]
    public void A_type_cut_off_is_not_read()
    {
        var reader = new Reader([0x40]);
        Assert.False(FrameType.TryRead(ref reader, out _, out bool isMinimal));
        Assert.False(isMinimal);
    }
}
