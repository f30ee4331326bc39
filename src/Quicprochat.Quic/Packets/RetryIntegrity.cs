using Quicprochat.Crypto;
using Quicprochat.Crypto.Aead;

namespace Quicprochat.Quic.Packets;

/// <summary>
/// Writes and checks Retry packets of version 1 (RFC 9000 §17.2.5, RFC 9001 §5.8). The key is public: the tag shows that the sender has
/// seen the Initial, and that nothing was corrupted on the way. The nonce is fixed, so a key is set up for each tag: a kept one may refuse to use a nonce twice.
/// </summary>
internal static class RetryIntegrity
{
    /// <summary>Bytes of the tag.</summary>
    public const int TagSize = AeadKey.TagSize;

    /// <summary>The longest Retry that is looked at: a longer token would not go back in one Initial packet anyway.</summary>
    public const int PacketSizeMax = 1500;

    private const int PseudoPacketSizeMax = 1 + ConnectionId.MaxLength + PacketSizeMax;

    /// <summary>Bytes of a Retry packet.</summary>
    public static int SizeOf(in ConnectionId destination, in ConnectionId source, int tokenLength) =>
        1 + sizeof(uint) + 1 + destination.Length + 1 + source.Length + tokenLength + TagSize;

    /// <summary>Writes a Retry. <paramref name="packet"/> names the ids and the token, <paramref name="original"/> the Destination Connection ID of the Initial it answers.</summary>
    /// <param name="provider">Where AES-128-GCM comes from.</param>
    /// <param name="packet">Destination: the client's Source Connection ID. Source: the server's new one. Token: not empty.</param>
    /// <param name="original">Goes into the tag only.</param>
    /// <param name="unused">Four arbitrary bits (RFC 9000 §17.2.5).</param>
    /// <param name="writer">At the start of an empty datagram.</param>
    public static void Write(CryptoProvider provider, scoped LongHeader packet, in ConnectionId original, byte unused, ref Writer writer)
    {
        int start = writer.Position;
        writer.WriteByte((byte)(0xf0 | (unused & 0x0f)));
        writer.WriteUInt32(QuicVersion.V1);
        writer.WriteByte((byte)packet.Destination.Length);
        writer.WriteConnectionId(packet.Destination);
        writer.WriteByte((byte)packet.Source.Length);
        writer.WriteConnectionId(packet.Source);
        writer.WriteBytes(packet.Token);
        var pseudoPacket = new Writer(stackalloc byte[PseudoPacketSizeMax]);
        WritePseudoPacket(ref pseudoPacket, original, writer.Written[start..]);
        using AeadKey key = provider.CreateAeadKey(AeadAlgorithm.Aes128Gcm, QuicVersion.RetryKey);
        key.Seal(QuicVersion.RetryNonce, [], pseudoPacket.Written, writer.Reserve(TagSize));
    }

    /// <summary>True when the tag at the end of a whole Retry packet is right for a client whose first Initial went to <paramref name="original"/>.</summary>
    public static bool IsValid(CryptoProvider provider, ReadOnlySpan<byte> packet, in ConnectionId original)
    {
        if (packet.Length < TagSize || packet.Length > PacketSizeMax)
        {
            return false; // RFC 9000 §17.2.5.2
        }
        var pseudoPacket = new Writer(stackalloc byte[PseudoPacketSizeMax]);
        WritePseudoPacket(ref pseudoPacket, original, packet[..^TagSize]);
        using AeadKey key = provider.CreateAeadKey(AeadAlgorithm.Aes128Gcm, QuicVersion.RetryKey);
        return key.TryOpen(QuicVersion.RetryNonce, packet[^TagSize..], pseudoPacket.Written, []); // RFC 9000 §17.2.5.2
    }

    /// <summary>Retry Pseudo-Packet, the associated data of the tag: the original id with its length, then the packet without its tag (RFC 9001 §5.8).</summary>
    private static void WritePseudoPacket(ref Writer writer, in ConnectionId original, scoped ReadOnlySpan<byte> untagged)
    {
        writer.WriteByte((byte)original.Length);
        writer.WriteConnectionId(original);
        writer.WriteBytes(untagged);
    }
}
