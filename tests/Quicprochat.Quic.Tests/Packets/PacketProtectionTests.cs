using Quicprochat.Crypto;
using Quicprochat.Crypto.Aead;
using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Packets;

public sealed class PacketProtectionTests
{
    public static TheoryData<TlsCipherSuite> Suites => [.. TlsCipherSuites.Default];

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_sealed_packet_opens_with_the_same_keys_and_no_other(TlsCipherSuite suite)
    {
        using ProtectionKeys sender = Keys(suite, 1);
        using ProtectionKeys receiver = Keys(suite, 1);
        using ProtectionKeys stranger = Keys(suite, 2);
        Gen.Select(Gen.Byte.Array[4, 1200], Gen.Int[1, 4], Gen.Long[0, VarInt.Max], Gen.Bool, Gen.Bool).Sample((frames, pnLength, packetNumber, isLong, phase) =>
        {
            byte[] sealedPacket = Seal(sender, frames, pnLength, packetNumber, isLong, phase);
            Assert.Null(Open(stranger, sealedPacket, packetNumber, isLong, out _));
            Assert.Equal(frames, Open(receiver, sealedPacket, packetNumber, isLong, out UnmaskedHeader header));
            Assert.False(header.HasReservedBits);
            Assert.Equal(pnLength, header.PacketNumberLength);
            Assert.True(isLong || header.KeyPhase == phase);
        }, iter: 200, threads: 1);
        Assert.Equal(200, sender.Packet.SealedPackets);
        Assert.Equal(0, receiver.Packet.FailedOpens);
        Assert.True(stranger.Packet.FailedOpens > 0);
    }

    [Theory]
    [InlineData(true, 0x0f)]
    [InlineData(false, 0x1f)]
    public void Just_these_bits_of_the_first_byte_are_masked(bool isLong, int expected)
    {
        using ProtectionKeys keys = Keys(TlsCipherSuite.Aes128GcmSha256, 1);
        int masked = 0;
        for (int packetNumber = 0; packetNumber < 100; packetNumber++)
        {
            masked |= Seal(keys, new byte[20], 1, packetNumber, isLong, keyPhase: false)[0] ^ (isLong ? 0xe0 : 0x40);
        }
        Assert.Equal(expected, masked);
    }

    [Fact]
    public void The_packet_number_is_part_of_what_is_authenticated()
    {
        using ProtectionKeys keys = Keys(TlsCipherSuite.Aes128GcmSha256, 1);
        byte[] packet = Seal(keys, new byte[20], 2, 1000, isLong: false, keyPhase: false);
        Assert.Null(Open(keys, [.. packet], 1001, isLong: false, out _));
        Assert.Null(Open(keys, [.. packet], 1000 + (1 << 16), isLong: false, out _));
        Assert.Equal(2, keys.Packet.FailedOpens);
        Assert.NotNull(Open(keys, [.. packet], 1000, isLong: false, out _));
    }

    [Fact]
    public void The_last_16_bytes_survive_a_failed_opening()
    {
        using ProtectionKeys keys = Keys(TlsCipherSuite.Aes128GcmSha256, 1);
        Gen.Byte.Array[StatelessReset.SizeMin + 8, 100].Sample(datagram =>
        {
            byte[] packet = [.. datagram];
            Assert.True(PacketProtection.TryUnmaskHeader(packet, 1, keys.Header, out UnmaskedHeader header));
            Assert.False(PacketProtection.TryOpenPayload(packet, header, 0, keys.Packet, out _));
            Assert.Equal(datagram[^16..], packet[^16..]);
        }, threads: 1);
    }

    [Theory]
    [InlineData(0x08)]
    [InlineData(0x10)]
    [InlineData(0x18)]
    public void Reserved_bits_of_a_short_header_are_seen_once_it_is_open(byte bits)
    {
        using ProtectionKeys keys = Keys(TlsCipherSuite.Aes128GcmSha256, 1);
        byte[] packet = Seal(keys, new byte[20], 2, 1, isLong: false, keyPhase: false, bits);
        Assert.NotNull(Open(keys, packet, 1, isLong: false, out UnmaskedHeader header));
        Assert.True(header.HasReservedBits);
        Assert.False(header.KeyPhase);
    }

    [Theory]
    [InlineData(0x04)]
    [InlineData(0x08)]
    [InlineData(0x0c)]
    public void Reserved_bits_of_a_long_header_are_seen_once_it_is_open(byte bits)
    {
        using ProtectionKeys keys = Keys(TlsCipherSuite.Aes128GcmSha256, 1);
        byte[] packet = Seal(keys, new byte[20], 2, 1, isLong: true, keyPhase: false, bits);
        Assert.NotNull(Open(keys, packet, 1, isLong: true, out UnmaskedHeader header));
        Assert.True(header.HasReservedBits);
    }

    [Fact]
    public void A_packet_too_short_to_be_sampled_is_not_unmasked_and_stays_as_it_was()
    {
        using ProtectionKeys keys = Keys(TlsCipherSuite.Aes128GcmSha256, 1);
        for (int length = 9; length < 9 + 20; length++)
        {
            var packet = new byte[length];
            packet[0] = 0x40;
            byte[] original = [.. packet];
            Assert.False(PacketProtection.TryUnmaskHeader(packet, 9, keys.Header, out _));
            Assert.Equal(original, packet);
        }
        Assert.True(PacketProtection.TryUnmaskHeader(new byte[29], 9, keys.Header, out _));
    }

    [Theory]
    [InlineData(1, 2, false)]
    [InlineData(1, 3, true)]
    [InlineData(3, 0, false)]
    [InlineData(3, 1, true)]
    [InlineData(4, 0, true)]
    public void A_payload_too_short_to_be_sampled_is_a_bug(int pnLength, int payload, bool isSealed)
    {
        using ProtectionKeys keys = Keys(TlsCipherSuite.Aes128GcmSha256, 1);
        var buffer = new byte[60];
        var writer = new Writer(buffer);
        PacketLayout layout = new ShortHeader().Write(ref writer, 0, pnLength);
        writer.Reserve(payload);
        int end = writer.Position;
        if (isSealed)
        {
            Assert.Equal(end + 16, PacketProtection.Seal(buffer, layout, end, keys.Packet, keys.Header));
        }
        else
        {
            Assert.Throws<ArgumentException>(() => PacketProtection.Seal(buffer, layout, end, keys.Packet, keys.Header));
        }
    }

    [Fact]
    public void Coalesced_packets_are_sealed_and_opened_one_by_one()
    {
        using ProtectionKeys initial = Keys(TlsCipherSuite.Aes128GcmSha256, 1);
        using ProtectionKeys handshake = Keys(TlsCipherSuite.Aes256GcmSha384, 2);
        var buffer = new byte[300];
        var writer = new Writer(buffer);
        PacketLayout first = new LongHeader { Type = LongPacketType.Initial, Destination = ConnectionId.From([1]), Token = "t"u8 }.Write(ref writer, 7, 1);
        PaddingFrame.Write(ref writer, 10);
        PacketProtection.Seal(buffer, first, writer.Position, initial.Packet, initial.Header);
        writer.Reserve(PacketProtection.TagSize);
        int start = writer.Position;
        PacketLayout second = new LongHeader { Type = LongPacketType.Handshake, Destination = ConnectionId.From([1]) }.Write(ref writer, 8, 2);
        PaddingFrame.Write(ref writer, 20);
        int end = PacketProtection.Seal(buffer, second, writer.Position, handshake.Packet, handshake.Header);

        Assert.True(LongHeader.TryRead(buffer.AsSpan(0, end), out LongHeader header));
        Assert.Equal(start, header.PacketSize);
        Assert.Equal(new byte[10], Open(initial, buffer[..start], 7, isLong: true, out _));
        Assert.True(LongHeader.TryRead(buffer.AsSpan(start, end - start), out header));
        Assert.Equal(LongPacketType.Handshake, header.Type);
        Assert.Equal(end - start, header.PacketSize);
        Assert.Equal(new byte[20], Open(handshake, buffer[start..end], 8, isLong: true, out _));
    }

    [Theory]
    [InlineData(AeadAlgorithm.Aes128Gcm, 1L << 23, 1L << 52)]
    [InlineData(AeadAlgorithm.Aes256Gcm, 1L << 23, 1L << 52)]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305, VarInt.Max, 1L << 36)]
    public void The_limits_of_each_AEAD(AeadAlgorithm algorithm, long confidentiality, long integrity)
    {
        Assert.Equal(confidentiality, AeadLimits.Confidentiality(algorithm));
        Assert.Equal(integrity, AeadLimits.Integrity(algorithm));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_packet_is_built_sealed_opened_and_read_without_an_allocation(TlsCipherSuite suite)
    {
        using ProtectionKeys keys = Keys(suite, 1);
        var buffer = new byte[1200];
        ConnectionId id = ConnectionId.From([1, 2, 3, 4, 5, 6, 7, 8]);
        for (int i = 0; i < 100; i++)
        {
            BuildAndRead(keys, buffer, id, i);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        int read = 0;
        for (int i = 0; i < 100; i++)
        {
            read += BuildAndRead(keys, buffer, id, i);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(100 * 2, read);
    }

    private static int BuildAndRead(ProtectionKeys keys, byte[] buffer, ConnectionId id, long packetNumber)
    {
        var writer = new Writer(buffer);
        PacketLayout layout = new ShortHeader { Destination = id }.Write(ref writer, packetNumber, 2);
        AckFrame.TryWrite(ref writer, [new AckRange(5, 9), new AckRange(1, 2)], 3, new EcnCounts(1, 2, 3), 100);
        var header = new StreamFrameHeader(new StreamId(4), 100, 1000, Fin: true, HasLength: false);
        header.Write(ref writer);
        writer.Reserve(1000).Fill(7);
        int end = PacketProtection.Seal(buffer, layout, writer.Position, keys.Packet, keys.Header);

        Span<byte> packet = buffer.AsSpan(0, end);
        DatagramRouting.TryReadDestination(packet, 8, out ConnectionId destination);
        if (destination != id || destination.GetHashCode() != id.GetHashCode() || !ShortHeader.TryRead(packet, 8, out ShortHeader read)
            || !PacketProtection.TryUnmaskHeader(packet, read.PacketNumberOffset, keys.Header, out UnmaskedHeader unmasked)
            || !PacketProtection.TryOpenPayload(packet, unmasked, packetNumber, keys.Packet, out Span<byte> payload))
        {
            return 0;
        }
        var reader = new Reader(payload);
        int frames = 0;
        while (FrameType.TryRead(ref reader, out long type, out _))
        {
            if (type == FrameType.AckEcn && AckFrame.TryRead(ref reader, type, out AckFrame ack))
            {
                foreach (AckRange range in ack.Ranges)
                {
                    frames += range.Contains(7) ? 1 : 0;
                }
            }
            else if (FrameType.IsStream(type) && StreamFrame.TryRead(ref reader, type, out StreamFrame stream))
            {
                frames += stream.Data.Length == 1000 ? 1 : 0;
            }
        }
        return frames;
    }

    private static ProtectionKeys Keys(TlsCipherSuite suite, byte seed)
    {
        var secret = new byte[KeySchedule.SecretSizeOf(suite)];
        secret.AsSpan().Fill(seed);
        return KeySchedule.Derive(CryptoProvider.Native, suite, secret);
    }

    private static byte[] Seal(ProtectionKeys keys, byte[] frames, int pnLength, long packetNumber, bool isLong, bool keyPhase, byte extraBits = 0)
    {
        var buffer = new byte[frames.Length + 100];
        var writer = new Writer(buffer);
        PacketLayout layout = isLong
            ? new LongHeader { Type = LongPacketType.Handshake, Destination = ConnectionId.From([9]) }.Write(ref writer, packetNumber, pnLength)
            : new ShortHeader { Destination = ConnectionId.From([9]), KeyPhase = keyPhase }.Write(ref writer, packetNumber, pnLength);
        buffer[0] |= extraBits;
        writer.WriteBytes(frames);
        int end = PacketProtection.Seal(buffer, layout, writer.Position, keys.Packet, keys.Header);
        return buffer[..end];
    }

    private static byte[]? Open(ProtectionKeys keys, byte[] sealedPacket, long packetNumber, bool isLong, out UnmaskedHeader unmasked)
    {
        unmasked = default;
        byte[] packet = [.. sealedPacket];
        int offset = 2;
        if (isLong)
        {
            Assert.True(LongHeader.TryRead(packet, out LongHeader header));
            Assert.Equal(packet.Length, header.PacketSize);
            offset = header.PacketNumberOffset;
        }
        bool isOpen = PacketProtection.TryUnmaskHeader(packet, offset, keys.Header, out unmasked)
            & PacketProtection.TryOpenPayload(packet, unmasked, packetNumber, keys.Packet, out Span<byte> payload);
        return isOpen ? payload.ToArray() : null;
    }
}
