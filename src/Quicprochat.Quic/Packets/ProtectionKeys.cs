using Quicprochat.Crypto.Aead;

namespace Quicprochat.Quic.Packets;

/// <summary>The keys of one direction at one level. Disposing zeroes both; a key update replaces only <see cref="Packet"/> (RFC 9001 §6.1).</summary>
internal sealed class ProtectionKeys(PacketKeys packet, HeaderProtectionKey header) : IDisposable
{
    /// <summary>Protects payloads.</summary>
    public PacketKeys Packet { get; } = packet;

    /// <summary>Protects headers; the same over all key phases.</summary>
    public HeaderProtectionKey Header { get; } = header;

    public void Dispose()
    {
        Packet.Dispose();
        Header.Dispose();
    }
}
