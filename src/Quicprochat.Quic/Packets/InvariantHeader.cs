namespace Quicprochat.Quic.Packets;

/// <summary>
/// What every version of QUIC says in a long header (RFC 8999 §5.1):
/// <code>
/// Header Form (1) = 1, Version-Specific Bits (7), Version (32),
/// Destination Connection ID Length (8), Destination Connection ID (0..2040),
/// Source Connection ID Length (8), Source Connection ID (0..2040), Version-Specific Data (..)
/// </code>
/// </summary>
internal readonly ref struct InvariantHeader
{
    private InvariantHeader(byte firstByte, uint version)
    {
        FirstByte = firstByte;
        Version = version;
    }

    /// <summary>The first byte as it came.</summary>
    public byte FirstByte { get; }

    /// <summary>The version; 0 for Version Negotiation.</summary>
    public uint Version { get; }

    /// <summary>Where the packet goes, up to 255 bytes.</summary>
    public ReadOnlySpan<byte> Destination { get; private init; }

    /// <summary>Where it comes from, up to 255 bytes.</summary>
    public ReadOnlySpan<byte> Source { get; private init; }

    /// <summary>Bytes of the packet up to the version-specific data.</summary>
    public int Size { get; private init; }

    /// <summary>True when the first byte begins a long header, of any version (RFC 8999 §5.1).</summary>
    public static bool IsLong(byte firstByte) => (firstByte & 0x80) != 0;

    public static bool TryRead(ReadOnlySpan<byte> packet, out InvariantHeader header)
    {
        header = default;
        var reader = new Reader(packet);
        if (!reader.TryReadByte(out byte firstByte) || !IsLong(firstByte) || !reader.TryReadUInt32(out uint version)
            || !reader.TryReadByte(out byte destinationLength) || !reader.TryReadBytes(destinationLength, out ReadOnlySpan<byte> destination)
            || !reader.TryReadByte(out byte sourceLength) || !reader.TryReadBytes(sourceLength, out ReadOnlySpan<byte> source))
        {
            return false; // RFC 8999 §5.1
        }
        header = new InvariantHeader(firstByte, version) { Destination = destination, Source = source, Size = reader.Position };
        return true;
    }
}
