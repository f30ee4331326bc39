using System.Net;
using System.Net.Sockets;

namespace Quicprochat.Transport.Sockets;

/// <summary>Opens the best socket that the system offers.</summary>
internal static class UdpSocket
{
    /// <summary>Opens and binds.</summary>
    /// <exception cref="SocketException">The address is taken, or not this host's.</exception>
    public static IUdpSocket Open(UdpSocketOptions options)
    {
        Socket socket = Bind(options);
        try
        {
            PathMtu.ForbidFragments(socket);
            return OperatingSystem.IsLinux() && !options.Portable && BitConverter.IsLittleEndian
                ? new LinuxUdpSocket(socket)
                : new PortableUdpSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket Bind(UdpSocketOptions options)
    {
        IPEndPoint local = options.LocalEndPoint;
        if (!local.Address.Equals(IPAddress.IPv6Any))
        {
            return Bind(options, local, dualMode: false);
        }
        if (Socket.OSSupportsIPv6)
        {
            try
            {
                return Bind(options, local, dualMode: true);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable
                or SocketError.ProtocolNotSupported or SocketError.ProtocolOption or SocketError.OperationNotSupported)
            {
                // The kernel knows IPv6 but this host, or container, has it switched off.
            }
        }
        return Bind(options, new IPEndPoint(IPAddress.Any, local.Port), dualMode: false);
    }

    private static Socket Bind(UdpSocketOptions options, IPEndPoint local, bool dualMode)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (local.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = dualMode;
            }
            socket.ReceiveBufferSize = options.ReceiveBufferSize;
            socket.SendBufferSize = options.SendBufferSize;
            socket.Blocking = false;
            socket.Bind(local);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
