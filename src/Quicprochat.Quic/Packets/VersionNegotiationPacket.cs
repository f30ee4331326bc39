using System.Buffers.Binary;

namespace Quicprochat.Quic.Packets;

/// <summary>
/// A server's answer to a version it does not speak (RFC 9000 §17.2.1, RFC 8999 §6):
/// <code>
/// Header Form (1) = 1, Unused (7), Version (32) = 0, Destination Connection ID Length (8), Destination Connection ID (0..2040),
/// Source Connection ID Length (8), Source Connection ID (0..2040), Supported Version (32) ...
/// </code>
/// </summary>
internal readonly ref struct VersionNegotiationPacket
{
    private readonly ReadOnlySpan<byte> _versions;

    private VersionNegotiationPacket(ReadOnlySpan<byte> versions) => _versions = versions;

    /// <summary>Where the packet goes: the client's Source Connection ID.</summary>
    public ReadOnlySpan<byte> Destination { get; private init; }

    /// <summary>The client's Destination Connection ID.</summary>
    public ReadOnlySpan<byte> Source { get; private init; }

    /// <summary>How many versions are listed.</summary>
    public int Count => _versions.Length / sizeof(uint);

    /// <summary>The versions, in the server's order.</summary>
    public uint this[int index] => BinaryPrimitives.ReadUInt32BigEndian(_versions[(index * sizeof(uint))..]);

    /// <summary>True when <paramref name="version"/> is listed.</summary>
    public bool Contains(uint version)
    {
        for (int i = 0; i < Count; i++)
        {
            if (this[i] == version)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Reads on where <paramref name="invariant"/>, read from the same bytes, ends.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, scoped in InvariantHeader invariant, out VersionNegotiationPacket packet)
    {
        packet = default;
        ReadOnlySpan<byte> versions = datagram[invariant.Size..];
        if (invariant.Version != QuicVersion.Negotiation || versions.IsEmpty || versions.Length % sizeof(uint) != 0)
        {
            return false; // RFC 8999 §6: no version at all, or a truncated one
        }
        packet = new VersionNegotiationPacket(versions) { Destination = invariant.Destination, Source = invariant.Source };
        return true;
    }

    /// <summary>Bytes of the answer to <paramref name="trigger"/> with <paramref name="versionCount"/> versions.</summary>
    public static int SizeOf(in InvariantHeader trigger, int versionCount) => trigger.Size + (versionCount * sizeof(uint));

    /// <summary>Writes the answer to <paramref name="trigger"/>, its connection ids swapped and echoed in full (RFC 9000 §17.2.1).</summary>
    public static void Write(ref Writer writer, scoped InvariantHeader trigger, scoped ReadOnlySpan<uint> versions, byte unused)
    {
        writer.WriteByte((byte)(0xc0 | unused)); // the fixed bit is set for demultiplexing, RFC 9000 §17.2.1
        writer.WriteUInt32(QuicVersion.Negotiation);
        writer.WriteByte((byte)trigger.Source.Length);
        writer.WriteBytes(trigger.Source);
        writer.WriteByte((byte)trigger.Destination.Length);
        writer.WriteBytes(trigger.Destination);
        foreach (uint version in versions)
        {
            writer.WriteUInt32(version);
        }
    }
}
