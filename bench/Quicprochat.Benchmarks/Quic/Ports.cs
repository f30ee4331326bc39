using System.Net;
using System.Net.Sockets;

namespace Quicprochat.Benchmarks.Quic;

/// <summary>Free UDP ports, for servers that do not say which one the system gave them.</summary>
internal static class Ports
{
    public static int Next()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
