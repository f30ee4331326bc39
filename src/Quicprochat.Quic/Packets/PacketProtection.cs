using Quicprochat.Crypto.Aead;

namespace Quicprochat.Quic.Packets;

/// <summary>Packet and header protection, in place (RFC 9001 §5.3, §5.4).</summary>
internal static class PacketProtection
{
    /// <summary>Bytes that sealing adds behind the frames.</summary>
    public const int TagSize = AeadKey.TagSize;

    /// <summary>
    /// Finishes the packet that <paramref name="layout"/> describes: fills in the Length of a long header, encrypts the frames from
    /// <see cref="PacketLayout.PayloadOffset"/> to <paramref name="payloadEnd"/>, masks the header. Gives the index behind the packet, 16 bytes after <paramref name="payloadEnd"/>.
    /// </summary>
    public static int Seal(Span<byte> buffer, in PacketLayout layout, int payloadEnd, PacketKeys keys, HeaderProtectionKey headerKey)
    {
        if (payloadEnd - layout.PayloadOffset < layout.MinPayloadLength)
        {
            throw new ArgumentException("The payload is too short to be sampled (RFC 9001 §5.4.2).", nameof(payloadEnd));
        }
        int end = payloadEnd + TagSize;
        if (InvariantHeader.IsLong(buffer[layout.Start]))
        {
            int length = end - layout.PacketNumberOffset;
            VarInt.Patch2(buffer.Slice(layout.PacketNumberOffset - LongHeader.LengthFieldSize, LongHeader.LengthFieldSize), length);
        }
        Span<byte> header = buffer[layout.Start..layout.PayloadOffset];
        keys.Seal(layout.PacketNumber, header, buffer[layout.PayloadOffset..end]);

        Span<byte> mask = stackalloc byte[HeaderProtectionKey.MaskSize];
        headerKey.Mask(buffer.Slice(layout.PacketNumberOffset + PacketNumber.MaxLength, HeaderProtectionKey.SampleSize), mask);
        buffer[layout.Start] ^= (byte)(mask[0] & ProtectedBits(buffer[layout.Start]));
        Xor(buffer.Slice(layout.PacketNumberOffset, layout.PacketNumberLength), mask[1..]);
        return end;
    }

    /// <summary>Removes header protection in place. False when <paramref name="packet"/> (one packet, not a whole datagram) is too short to be sampled.</summary>
    public static bool TryUnmaskHeader(Span<byte> packet, int packetNumberOffset, HeaderProtectionKey headerKey, out UnmaskedHeader header)
    {
        header = default;
        if (packet.Length - packetNumberOffset < PacketNumber.MaxLength + HeaderProtectionKey.SampleSize)
        {
            return false; // RFC 9001 §5.4.2: a packet too short for a whole sample is discarded
        }
        Span<byte> mask = stackalloc byte[HeaderProtectionKey.MaskSize];
        headerKey.Mask(packet.Slice(packetNumberOffset + PacketNumber.MaxLength, HeaderProtectionKey.SampleSize), mask);
        packet[0] ^= (byte)(mask[0] & ProtectedBits(packet[0]));
        int length = (packet[0] & 0x03) + 1;
        Span<byte> packetNumber = packet.Slice(packetNumberOffset, length);
        Xor(packetNumber, mask[1..]);
        uint truncated = 0;
        foreach (byte b in packetNumber)
        {
            truncated = (truncated << 8) | b;
        }
        header = new UnmaskedHeader(packet[0], truncated, length, packetNumberOffset + length);
        return true;
    }

    /// <summary>
    /// Opens the payload of a packet whose header has been unmasked; <paramref name="payload"/> is then the frames, where they lay.
    /// On failure the sealed bytes may be gone except for the last 16, where a stateless reset has its token.
    /// </summary>
    public static bool TryOpenPayload(Span<byte> packet, in UnmaskedHeader header, long packetNumber, PacketKeys keys, out Span<byte> payload)
    {
        Span<byte> sealedPayload = packet[header.PayloadOffset..];
        if (!keys.TryOpen(packetNumber, packet[..header.PayloadOffset], sealedPayload))
        {
            payload = default;
            return false;
        }
        payload = sealedPayload[..^TagSize];
        return true;
    }

    /// <summary>The bits of the first byte that are masked: four in a long header, five in a short one (RFC 9001 §5.4.1).</summary>
    private static int ProtectedBits(byte firstByte) => InvariantHeader.IsLong(firstByte) ? 0x0f : 0x1f;

    private static void Xor(Span<byte> bytes, ReadOnlySpan<byte> mask)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= mask[i];
        }
    }
}
