using System.Buffers.Binary;
using System.Net;

namespace Quicprochat.Quic;

/// <summary>An IP address and a UDP port, as a value that costs no allocation to compare or to keep. IPv4 is held in its IPv6-mapped form.</summary>
public readonly record struct Address
{
    private const ulong MappedPrefix = 0x0000_0000_0000_FFFF;

    private readonly ulong _high;
    private readonly ulong _low;

    private Address(ulong high, ulong low, ushort port, uint scopeId)
    {
        _high = high;
        _low = low;
        Port = port;
        ScopeId = scopeId;
    }

    /// <summary>The UDP port.</summary>
    public ushort Port { get; }

    /// <summary>The IPv6 scope (interface) of a link-local address, otherwise 0.</summary>
    public uint ScopeId { get; }

    /// <summary>True for an IPv4 address.</summary>
    public bool IsIPv4 => _high == 0 && _low >> 32 == MappedPrefix;

    /// <summary>The value of <paramref name="endPoint"/>; an IPv4-mapped IPv6 address equals the IPv4 one.</summary>
    public static Address From(IPEndPoint endPoint) =>
        From(endPoint.Address, (ushort)endPoint.Port);

    /// <summary>The value of an address and port.</summary>
    public static Address From(IPAddress address, ushort port)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out int written))
        {
            throw new ArgumentException("The address is of an unknown family.", nameof(address));
        }
        uint scope = written == 16 ? (uint)address.ScopeId : 0;
        return FromBytes(bytes[..written], port, scope);
    }

    /// <summary>From 4 or 16 bytes in network order.</summary>
    public static Address FromBytes(ReadOnlySpan<byte> bytes, ushort port, uint scopeId = 0) => bytes.Length switch
    {
        4 => new Address(0, (MappedPrefix << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes), port, 0),
        16 => new Address(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), port, scopeId),
        _ => throw new ArgumentException("An address is 4 or 16 bytes.", nameof(bytes)),
    };

    /// <summary>The 16 bytes of the (mapped) IPv6 form, in network order.</summary>
    public void WriteBytes(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
    }

    /// <summary>True when both name the same host, whatever the port.</summary>
    public bool SameHost(in Address other) => _high == other._high && _low == other._low && ScopeId == other.ScopeId;

    /// <summary>An <see cref="IPEndPoint"/> of the address's own family.</summary>
    public IPEndPoint ToIPEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        WriteBytes(bytes);
        return new IPEndPoint(IsIPv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes, ScopeId), Port);
    }

    /// <summary>As an end point prints: <c>192.0.2.1:5001</c>, <c>[2001:db8::1]:5001</c>.</summary>
    public override string ToString() => ToIPEndPoint().ToString();
}
