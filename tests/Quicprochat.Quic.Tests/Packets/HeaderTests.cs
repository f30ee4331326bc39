using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Packets;

public sealed class HeaderTests
{
    private static Gen<ConnectionId> Id { get; } = Gen.Byte.Array[0, 20].Select(bytes => ConnectionId.From(bytes));

    private static Gen<LongPacketType> NumberedType { get; } = Gen.OneOf(LongPacketType.Initial, LongPacketType.ZeroRtt, LongPacketType.Handshake);

    [Fact]
    public void A_long_header_comes_back_and_ends_where_its_length_says() =>
        Gen.Select(NumberedType, Id, Id, Gen.Byte.Array[0, 90], Gen.Int[1, 4], Gen.Int[0, 50]).Sample((type, destination, source, token, pnLength, next) =>
        {
            byte[] datagram = WriteLong(type, destination, source, token, pnLength, payload: 30, next);
            Assert.True(LongHeader.TryRead(datagram, out LongHeader header));
            Assert.Equal(type, header.Type);
            Assert.Equal(destination, header.Destination);
            Assert.Equal(source, header.Source);
            Assert.Equal(type == LongPacketType.Initial ? token : [], header.Token);
            Assert.Equal(datagram.Length - next, header.PacketSize);
            Assert.Equal(header.PacketSize - 30 - pnLength, header.PacketNumberOffset);
            Assert.True(DatagramRouting.TryReadDestination(datagram, 8, out ConnectionId routed));
            Assert.Equal(destination, routed);
        });

    [Fact]
    public void A_long_header_cut_off_anywhere_is_not_read() =>
        Gen.Select(NumberedType, Id, Id, Gen.Byte.Array[0, 90]).Sample((type, destination, source, token) =>
        {
            byte[] packet = WriteLong(type, destination, source, token, 2, payload: 20, next: 0);
            for (int length = 0; length < packet.Length; length++)
            {
                Assert.False(LongHeader.TryRead(packet.AsSpan(0, length), out _));
            }
        });

    [Fact]
    public void Random_bytes_never_throw() => Gen.Select(Gen.Byte[0xc0, 0xff], Gen.Byte.Array[0, 80], Gen.Bool).Sample((first, rest, isV1) =>
    {
        byte[] datagram = [first, .. isV1 ? new byte[] { 0, 0, 0, 1, 4 } : [], .. rest];
        if (LongHeader.TryRead(datagram, out LongHeader header))
        {
            Assert.InRange(header.PacketSize, header.PacketNumberOffset, datagram.Length);
        }
        if (InvariantHeader.TryRead(datagram, out InvariantHeader invariant))
        {
            Assert.InRange(invariant.Size, 7, datagram.Length);
            VersionNegotiationPacket.TryRead(datagram, invariant, out _);
        }
        datagram[0] &= 0x7f;
        ShortHeader.TryRead(datagram, 8, out _);
        DatagramRouting.TryReadDestination(datagram, 8, out _);
    }, iter: 10_000);

    [Theory]
    [InlineData("the fixed bit is 0", "80 00000001 01aa 01bb 00 02 0000", false)]
    [InlineData("all is well", "c0 00000001 01aa 01bb 00 02 0000", true)]
    [InlineData("another version", "c0 00000002 01aa 01bb 00 02 0000", false)]
    [InlineData("version negotiation", "c0 00000000 01aa 01bb 00 02 0000", false)]
    [InlineData("a length beyond the datagram", "c0 00000001 01aa 01bb 00 03 0000", false)]
    [InlineData("a length of 2^62-1", "c0 00000001 01aa 01bb 00 ffffffffffffffff 0000", false)]
    [InlineData("a token beyond the datagram", "c0 00000001 01aa 01bb 10 02 0000", false)]
    [InlineData("a token of 2^62-1", "c0 00000001 01aa 01bb ffffffffffffffff 02 0000", false)]
    [InlineData("a destination of 21 bytes", "c0 00000001 15 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 00 00 02 0000", false)]
    [InlineData("a source of 21 bytes", "c0 00000001 00 15 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 00 02 0000", false)]
    [InlineData("a Retry without a token", "f0 00000001 00 00 00112233445566778899aabbccddeeff", false)]
    [InlineData("a Retry shorter than its tag", "f0 00000001 00 00 00112233445566778899aabbccddee", false)]
    [InlineData("a Retry with a token", "f0 00000001 00 00 01 00112233445566778899aabbccddeeff", true)]
    [InlineData("a short header", "40 00000001 01aa 01bb 00 02 0000", false)]
    public void Long_headers_of_version_1(string what, string hex, bool isRead) =>
        Assert.True(isRead == LongHeader.TryRead(Hex(hex), out _), what);

    [Fact]
    public void A_header_of_an_unknown_version_is_read_with_ids_of_up_to_255_bytes()
    {
        byte[] packet = [0x80, 0xba, 0xba, 0xba, 0xba, 255, .. new byte[255], 255, .. Enumerable.Repeat((byte)1, 255), 9, 9];
        Assert.True(InvariantHeader.TryRead(packet, out InvariantHeader header));
        Assert.Equal(0xbababababau & 0xffffffff, header.Version);
        Assert.Equal(new byte[255], header.Destination);
        Assert.Equal(Enumerable.Repeat((byte)1, 255), header.Source.ToArray());
        Assert.Equal(packet.Length - 2, header.Size);
        Assert.False(DatagramRouting.TryReadDestination(packet, 8, out _));
        for (int length = 0; length < header.Size; length++)
        {
            Assert.False(InvariantHeader.TryRead(packet.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void A_short_header_comes_back() =>
        Gen.Select(Id, Gen.Bool, Gen.Bool, Gen.Int[1, 4], Gen.Long[0, VarInt.Max]).Sample((destination, spin, phase, pnLength, packetNumber) =>
        {
            var writer = new Writer(new byte[40]);
            var written = new ShortHeader { Destination = destination, Spin = spin, KeyPhase = phase };
            PacketLayout layout = written.Write(ref writer, packetNumber, pnLength);
            Assert.Equal(written.SizeWith(pnLength), writer.Position);
            Assert.Equal(writer.Position, layout.PayloadOffset);
            Assert.Equal(phase, (writer.Written[0] & 0x04) != 0);
            Assert.Equal(pnLength - 1, writer.Written[0] & 0x03);
            Assert.True(ShortHeader.TryRead(writer.Written, destination.Length, out ShortHeader read));
            Assert.Equal(destination, read.Destination);
            Assert.Equal(spin, read.Spin);
            Assert.Equal(layout.PacketNumberOffset, read.PacketNumberOffset);
            Assert.True(DatagramRouting.TryReadDestination(writer.Written, destination.Length, out ConnectionId routed));
            Assert.Equal(destination, routed);
            for (int length = 0; length < 1 + destination.Length; length++)
            {
                Assert.False(ShortHeader.TryRead(writer.Written[..length], destination.Length, out _));
            }
        });

    [Theory]
    [InlineData("00")]
    [InlineData("80")]
    [InlineData("c0")]
    public void A_short_header_has_its_two_first_bits(string firstByte) =>
        Assert.False(ShortHeader.TryRead(Hex(firstByte + "0102030405060708"), 8, out _));

    [Fact]
    public void Version_negotiation_echoes_both_ids_and_lists_the_versions() =>
        Gen.Select(Gen.Byte.Array[0, 255], Gen.Byte.Array[0, 255], Gen.UInt.Array[1, 5], Gen.Byte).Sample((destination, source, versions, unused) =>
        {
            byte[] trigger = [0x80, 0x1a, 0x2a, 0x3a, 0x4a, (byte)destination.Length, .. destination, (byte)source.Length, .. source, 1, 2, 3];
            Assert.True(InvariantHeader.TryRead(trigger, out InvariantHeader asked));
            var writer = new Writer(new byte[600]);
            VersionNegotiationPacket.Write(ref writer, asked, versions, unused);
            Assert.Equal(VersionNegotiationPacket.SizeOf(asked, versions.Length), writer.Position);

            Assert.True(InvariantHeader.TryRead(writer.Written, out InvariantHeader answer));
            Assert.True(VersionNegotiationPacket.TryRead(writer.Written, answer, out VersionNegotiationPacket packet));
            Assert.Equal(source, packet.Destination);
            Assert.Equal(destination, packet.Source);
            Assert.Equal(versions.Length, packet.Count);
            for (int i = 0; i < versions.Length; i++)
            {
                Assert.Equal(versions[i], packet[i]);
                Assert.True(packet.Contains(versions[i]));
            }
            uint absent = Enumerable.Range(0, 10).Select(i => (uint)i).First(version => !versions.Contains(version));
            Assert.False(packet.Contains(absent));
            Assert.Equal(0xc0, writer.Written[0] & 0xc0);
        });

    [Theory]
    [InlineData("80 00000000 00 00", false)]
    [InlineData("80 00000000 00 00 000000", false)]
    [InlineData("80 00000000 00 00 00000001", true)]
    [InlineData("80 00000000 00 00 0000000100", false)]
    [InlineData("80 00000001 00 00 00000001", false)]
    public void Version_negotiation_without_a_whole_version_is_ignored(string hex, bool isRead)
    {
        byte[] datagram = Hex(hex);
        Assert.True(InvariantHeader.TryRead(datagram, out InvariantHeader header));
        Assert.Equal(isRead, VersionNegotiationPacket.TryRead(datagram, header, out _));
    }

    [Fact]
    public void Reserved_versions_are_known_as_such() => Gen.UInt.Sample(random =>
    {
        Assert.True(QuicVersion.IsReserved(QuicVersion.Reserved(random)));
        Assert.False(QuicVersion.IsReserved(QuicVersion.V1));
        Assert.False(QuicVersion.IsReserved(QuicVersion.Negotiation));
    });

    private static byte[] WriteLong(LongPacketType type, ConnectionId destination, ConnectionId source, byte[] token, int pnLength, int payload, int next)
    {
        var buffer = new byte[300];
        var writer = new Writer(buffer);
        var header = new LongHeader { Type = type, Destination = destination, Source = source, Token = token };
        PacketLayout layout = header.Write(ref writer, 0x01020304, pnLength);
        Assert.Equal(header.SizeWith(pnLength), writer.Position);
        Assert.Equal(writer.Position, layout.PayloadOffset);
        VarInt.Patch2(buffer.AsSpan(layout.PacketNumberOffset - LongHeader.LengthFieldSize), pnLength + payload);
        return buffer[..(writer.Position + payload + next)];
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
