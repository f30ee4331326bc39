using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tests.Frames;

namespace Quicprochat.Quic.Tests.Packets;

public sealed class ReaderWriterTests
{
    [Fact]
    public void Fields_come_back_in_order()
    {
        var writer = new Writer(new byte[100]);
        writer.WriteByte(1);
        writer.WriteUInt16(0x0203);
        writer.WriteUInt32(0x0405_0607);
        writer.WriteUInt64(0x0809_0a0b_0c0d_0e0f);
        writer.WriteVarIntBytes([0x10, 0x11]);
        writer.WriteVarInt2(5);
        writer.WriteVarInt4(6);
        Assert.Equal("0102030405060708090a0b0c0d0e0f" + "021011" + "4005" + "80000006", Convert.ToHexStringLower(writer.Written));
        Assert.Equal(100 - writer.Position, writer.Free);

        var reader = new Reader(writer.Written);
        Assert.True(reader.TryReadByte(out byte b));
        Assert.True(reader.TryReadUInt16(out ushort u16));
        Assert.True(reader.TryReadUInt32(out uint u32));
        Assert.True(reader.TryReadUInt64(out ulong u64));
        int start = reader.Position;
        Assert.True(reader.TryReadVarIntBytes(out ReadOnlySpan<byte> bytes));
        Assert.Equal("021011", Convert.ToHexStringLower(reader.Since(start)));
        Assert.True(reader.TryReadVarInt(out long five));
        Assert.Equal(4, reader.Rest.Length);
        Assert.True(reader.TryReadVarInt(out long six));
        Assert.True(reader.IsAtEnd);
        Assert.Equal((1UL, 0x0203UL, 0x0405_0607UL, 0x0809_0a0b_0c0d_0e0fUL, 5L, 6L), ((ulong)b, (ulong)u16, (ulong)u32, u64, five, six));
        Assert.Equal("1011", Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void A_variable_length_integer_comes_back_from_its_shortest_form() => FrameGen.VarInt.Sample(value =>
    {
        var writer = new Writer(new byte[8]);
        writer.WriteVarInt(value);
        Assert.Equal(VarInt.SizeOf(value), writer.Position);
        for (int length = 0; length < writer.Position; length++)
        {
            var cut = new Reader(writer.Written[..length]);
            Assert.False(cut.TryReadVarInt(out _));
            Assert.Equal(0, cut.Position);
        }
        var reader = new Reader(writer.Written);
        Assert.True(reader.TryReadVarInt(out long read));
        Assert.Equal(value, read);
        Assert.True(reader.IsAtEnd);
    });

    [Theory]
    [InlineData(-1)]
    [InlineData(VarInt.Max + 1)]
    [InlineData(long.MinValue)]
    public void A_value_that_no_variable_length_integer_holds_is_a_bug(long value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var writer = new Writer(new byte[8]);
            writer.WriteVarInt(value);
        });

    [Theory]
    [InlineData(-1)]
    [InlineData(VarInt.Max2 + 1)]
    public void A_length_that_two_bytes_do_not_hold_is_a_bug(int value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => VarInt.Patch2(new byte[2], value));

    [Theory]
    [InlineData(-1)]
    [InlineData(VarInt.Max4 + 1)]
    public void A_length_that_four_bytes_do_not_hold_is_a_bug(int value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => VarInt.Patch4(new byte[4], value));

    [Fact]
    public void A_failed_read_moves_nothing()
    {
        var reader = new Reader([0x05, 0x01]);
        Assert.False(reader.TryReadUInt32(out _));
        Assert.False(reader.TryReadUInt64(out _));
        Assert.False(reader.TryReadBytes(3, out _));
        Assert.False(reader.TryReadBytes(-1, out _));
        Assert.False(reader.TryReadBytes(int.MaxValue, out _));
        Assert.False(reader.TryReadBytes(int.MinValue, out _));
        Assert.False(reader.TryReadVarIntBytes(out _));
        Assert.False(reader.TryReadConnectionId(3, out _));
        Assert.False(reader.TryReadResetToken(out _));
        Assert.Equal(0, reader.Position);
        Assert.True(reader.TryReadUInt16(out _));
        Assert.False(reader.TryReadByte(out _));
        Assert.False(reader.TryReadUInt16(out _));
        Assert.False(reader.TryReadVarInt(out _));
        Assert.True(reader.TryReadBytes(0, out _));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("01", 0)]
    [InlineData("0000", 2)]
    [InlineData("000001", 2)]
    public void A_run_is_skipped(string hex, int expected)
    {
        var reader = new Reader(Convert.FromHexString(hex));
        Assert.Equal(expected, reader.SkipRun(0));
        Assert.Equal(expected, reader.Position);
    }
}
