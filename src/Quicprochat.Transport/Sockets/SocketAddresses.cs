using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Quicprochat.Quic;

namespace Quicprochat.Transport.Sockets;

/// <summary>
/// Reads and writes <c>sockaddr_in</c> and <c>sockaddr_in6</c>: port, address and scope lie at the same place on every system;
/// only the family's two bytes differ, and those are written once by the caller.
/// </summary>
internal static class SocketAddresses
{
    public const int Ipv4Size = 16;
    public const int Ipv6Size = 28;

    /// <summary>True for <c>::</c>, <c>0.0.0.0</c> and for no address at all.</summary>
    public static bool IsUnspecified(in Address address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.WriteBytes(bytes);
        return bytes[(address.IsIPv4 ? 12 : 0)..].IndexOfAnyExcept((byte)0) < 0;
    }

    public static Address Read(AddressFamily family, ReadOnlySpan<byte> socketAddress)
    {
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(socketAddress[2..]);
        return family == AddressFamily.InterNetwork
            ? Address.FromBytes(socketAddress.Slice(4, 4), port)
            : Address.FromBytes(socketAddress.Slice(8, 16), port, BinaryPrimitives.ReadUInt32LittleEndian(socketAddress[24..]));
    }

    /// <summary>Writes all but the family. An IPv4 address goes to an IPv6 socket in its mapped form.</summary>
    public static void Write(AddressFamily family, in Address address, Span<byte> socketAddress)
    {
        BinaryPrimitives.WriteUInt16BigEndian(socketAddress[2..], address.Port);
        Span<byte> bytes = stackalloc byte[16];
        address.WriteBytes(bytes);
        if (family == AddressFamily.InterNetwork)
        {
            bytes[12..].CopyTo(socketAddress[4..]);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(socketAddress[4..], 0);
            bytes.CopyTo(socketAddress[8..]);
            BinaryPrimitives.WriteUInt32LittleEndian(socketAddress[24..], address.ScopeId);
        }
    }

    /// <summary>A <see cref="SocketAddress"/> whose family is set and whose rest is to be written.</summary>
    public static SocketAddress Template(AddressFamily family) =>
        new IPEndPoint(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0).Serialize();
}
