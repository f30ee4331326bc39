namespace Quicprochat.Quic.Packets;

/// <summary>Finds whose a datagram is by the destination connection id of its first packet, without reading more (RFC 9000 §5.2).</summary>
internal static class DatagramRouting
{
    /// <summary>
    /// The destination connection id; with a short header its length is <paramref name="localIdLength"/>, the one length this endpoint gives out.
    /// False when it is cut off, or longer than any version 1 knows: then <see cref="InvariantHeader"/> decides on Version Negotiation.
    /// </summary>
    public static bool TryReadDestination(ReadOnlySpan<byte> datagram, int localIdLength, out ConnectionId destination)
    {
        destination = default;
        var reader = new Reader(datagram);
        if (!reader.TryReadByte(out byte firstByte))
        {
            return false;
        }
        if (!InvariantHeader.IsLong(firstByte))
        {
            return reader.TryReadConnectionId(localIdLength, out destination);
        }
        return reader.TryReadUInt32(out _) && reader.TryReadByte(out byte length) && reader.TryReadConnectionId(length, out destination);
    }
}
