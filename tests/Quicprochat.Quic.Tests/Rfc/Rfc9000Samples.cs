using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Rfc;

/// <summary>RFC 9000 §A: sample encodings.</summary>
public sealed class Rfc9000Samples
{
    [Theory]
    [InlineData("c2197c5eff14e88c", 151_288_809_941_952_652)]
    [InlineData("9d7f3e7d", 494_878_333)]
    [InlineData("7bbd", 15_293)]
    [InlineData("25", 37)]
    [InlineData("4025", 37)]
    public void A1_variable_length_integers_decode(string hex, long expected)
    {
        var reader = new Reader(Convert.FromHexString(hex));
        Assert.True(reader.TryReadVarInt(out long value));
        Assert.Equal(expected, value);
        Assert.True(reader.IsAtEnd);
    }

    [Theory]
    [InlineData("c2197c5eff14e88c", 151_288_809_941_952_652)]
    [InlineData("9d7f3e7d", 494_878_333)]
    [InlineData("7bbd", 15_293)]
    [InlineData("25", 37)]
    public void A1_variable_length_integers_encode_in_the_shortest_form(string hex, long value)
    {
        var writer = new Writer(new byte[8]);
        writer.WriteVarInt(value);
        Assert.Equal(hex, Convert.ToHexStringLower(writer.Written));
        Assert.Equal(hex.Length / 2, VarInt.SizeOf(value));
    }

    [Theory]
    [InlineData(0xac5c02, 0xabe8b3, "5c02")]
    [InlineData(0xace8fe, 0xabe8b3, "ace8fe")]
    public void A2_packet_numbers_encode(long packetNumber, long largestAcknowledged, string expected)
    {
        int length = PacketNumber.EncodedLength(packetNumber, largestAcknowledged);
        var writer = new Writer(new byte[4]);
        PacketNumber.Write(ref writer, packetNumber, length);
        Assert.Equal(expected, Convert.ToHexStringLower(writer.Written));
    }

    [Fact]
    public void A3_a_packet_number_decodes() =>
        Assert.Equal(0xa82f9b32, PacketNumber.Decode(0x9b32, 2, 0xa82f30ea));
}
