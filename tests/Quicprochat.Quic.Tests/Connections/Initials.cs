using Quicprochat.Crypto;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Connections;

/// <summary>Initial packets written by hand: their keys follow from an id that everybody sees.</summary>
internal static class Initials
{
    /// <summary>An Initial of <paramref name="sender"/>, expanded to 1200 bytes by PADDING.</summary>
    public static byte[] Write(Side sender, in ConnectionId keysOf, in ConnectionId destination, in ConnectionId source, long number, byte[] frames, byte[]? token = null)
    {
        KeySchedule.DeriveInitial(CryptoProvider.Default, keysOf, sender, out ProtectionKeys send, out ProtectionKeys receive);
        using (send)
        using (receive)
        {
            byte[] buffer = new byte[1200];
            var writer = new Writer(buffer);
            var header = new LongHeader { Type = LongPacketType.Initial, Destination = destination, Source = source, Token = token };
            PacketLayout layout = header.Write(ref writer, number, 4);
            writer.WriteBytes(frames);
            PacketProtection.Seal(buffer, layout, buffer.Length - PacketProtection.TagSize, send.Packet, send.Header);
            return buffer;
        }
    }
}
