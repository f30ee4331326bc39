namespace Quicprochat.Quic.Packets;

/// <summary>
/// Another address at which a server would rather be reached (RFC 9000 §18.2):
/// <code>
/// IPv4 Address (32), IPv4 Port (16), IPv6 Address (128), IPv6 Port (16),
/// Connection ID Length (8), Connection ID (..), Stateless Reset Token (128)
/// </code>
/// </summary>
internal sealed record PreferredAddress
{
    /// <summary>The IPv4 address, null where the server names none (all zero).</summary>
    public Address? IPv4 { get; init; }

    /// <summary>The IPv6 address, null where the server names none (all zero).</summary>
    public Address? IPv6 { get; init; }

    /// <summary>The connection id with sequence number 1; never empty.</summary>
    public required ConnectionId ConnectionId { get; init; }

    /// <summary>The stateless reset token of <see cref="ConnectionId"/>.</summary>
    public required StatelessResetToken ResetToken { get; init; }

    /// <summary>Encoded bytes.</summary>
    public int Size => 4 + 2 + 16 + 2 + 1 + ConnectionId.Length + StatelessResetToken.Size;

    public static bool TryRead(ref Reader reader, out PreferredAddress? preferred)
    {
        preferred = null;
        if (!TryReadAddress(ref reader, 4, out Address? v4) || !TryReadAddress(ref reader, 16, out Address? v6)
            || !reader.TryReadByte(out byte length) || length == 0 // RFC 9000 §18.2: the connection id is not empty
            || !reader.TryReadConnectionId(length, out ConnectionId id) || !reader.TryReadResetToken(out StatelessResetToken token))
        {
            return false; // RFC 9000 §18.2
        }
        preferred = new PreferredAddress { IPv4 = v4, IPv6 = v6, ConnectionId = id, ResetToken = token };
        return true;
    }

    public void Write(ref Writer writer)
    {
        Span<byte> mapped = stackalloc byte[16];
        (IPv4 ?? default).WriteBytes(mapped);
        writer.WriteBytes(mapped[12..]);
        writer.WriteUInt16(IPv4?.Port ?? 0);
        (IPv6 ?? default).WriteBytes(mapped);
        writer.WriteBytes(mapped);
        writer.WriteUInt16(IPv6?.Port ?? 0);
        writer.WriteByte((byte)ConnectionId.Length);
        writer.WriteConnectionId(ConnectionId);
        writer.WriteResetToken(ResetToken);
    }

    private static bool TryReadAddress(ref Reader reader, int size, out Address? address)
    {
        address = null;
        if (!reader.TryReadBytes(size, out ReadOnlySpan<byte> bytes) || !reader.TryReadUInt16(out ushort port))
        {
            return false;
        }
        bool isNamed = port != 0 || bytes.ContainsAnyExcept((byte)0);
        address = isNamed ? Address.FromBytes(bytes, port) : null;
        return true;
    }
}
