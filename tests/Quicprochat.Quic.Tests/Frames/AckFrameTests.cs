using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Frames;

public sealed class AckFrameTests
{
    [Fact]
    public void Ranges_delay_and_counts_come_back() =>
        Gen.Select(FrameGen.Ranges, FrameGen.VarInt, FrameGen.Ecn).Sample((ranges, delay, ecn) =>
        {
            byte[] bytes = FrameGen.Write((ref Writer w) => Assert.True(AckFrame.TryWrite(ref w, ranges, delay, ecn, w.Free)));
            Assert.Equal(ecn is null ? 0x02 : 0x03, bytes[0]);
            AckRange[] read = Read(bytes, out AckFrame frame);
            Assert.Equal(ranges, read);
            Assert.Equal(delay, frame.EncodedDelay);
            Assert.Equal(ecn, frame.Ecn);
            Assert.Equal(ranges.Length, frame.RangeCount);
        });

    [Fact]
    public void A_budget_keeps_the_largest_ranges() =>
        Gen.Select(FrameGen.Ranges, FrameGen.Ecn, Gen.Int[0, 120]).Sample((ranges, ecn, budget) =>
        {
            var writer = new Writer(new byte[2000]);
            if (!AckFrame.TryWrite(ref writer, ranges, 7, ecn, budget))
            {
                Assert.Equal(0, writer.Position);
                var one = new Writer(new byte[100]);
                Assert.True(AckFrame.TryWrite(ref one, ranges.AsSpan(0, 1), 7, ecn, 100));
                Assert.True(one.Position > budget);
                return;
            }
            Assert.InRange(writer.Position, 1, budget);
            AckRange[] read = Read(writer.Written, out _);
            Assert.Equal(ranges[..read.Length], read);
            if (read.Length < ranges.Length)
            {
                var more = new Writer(new byte[2000]);
                Assert.True(AckFrame.TryWrite(ref more, ranges.AsSpan(0, read.Length + 1), 7, ecn, 2000));
                Assert.True(more.Position > budget);
            }
        });

    [Theory]
    [InlineData(100, 3, 800)]
    [InlineData(100, 0, 100)]
    [InlineData(VarInt.Max, 0, VarInt.Max)]
    [InlineData(VarInt.Max, 20, VarInt.Max)]
    [InlineData((VarInt.Max >> 20) + 1, 20, VarInt.Max)]
    [InlineData(VarInt.Max >> 20, 20, VarInt.Max >> 20 << 20)]
    public void A_delay_is_scaled_without_overflow(long encoded, int exponent, long expected)
    {
        byte[] bytes = FrameGen.Write((ref Writer w) => AckFrame.TryWrite(ref w, [new AckRange(0, 0)], encoded, null, w.Free));
        Read(bytes, out AckFrame frame);
        Assert.Equal(expected, frame.DelayWith(exponent));
    }

    [Fact]
    public void A_range_knows_what_it_holds()
    {
        var range = new AckRange(3, 5);
        Assert.Equal(3, range.Count);
        Assert.False(range.Contains(2));
        Assert.True(range.Contains(3));
        Assert.True(range.Contains(5));
        Assert.False(range.Contains(6));
    }

    private static AckRange[] Read(ReadOnlySpan<byte> bytes, out AckFrame frame)
    {
        var reader = new Reader(bytes);
        Assert.True(FrameType.TryRead(ref reader, out long type, out _));
        Assert.True(AckFrame.TryRead(ref reader, type, out frame));
        Assert.True(reader.IsAtEnd);
        var ranges = new List<AckRange>();
        foreach (AckRange range in frame.Ranges)
        {
            ranges.Add(range);
        }
        return [.. ranges];
    }
}
