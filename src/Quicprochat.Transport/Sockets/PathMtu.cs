using System.Net.Sockets;

namespace Quicprochat.Transport.Sockets;

/// <summary>
/// Has the system send datagrams whole or not at all, which QUIC asks for (RFC 9000 §14). On Linux that is IP_PMTUDISC_PROBE, not IP_PMTUDISC_DO:
/// the latter believes ICMP messages, so that a forged one makes every send fail.
/// </summary>
internal static class PathMtu
{
    private const int IpLevel = 0;
    private const int Ipv6Level = 41;
    private const int PmtuDiscoverProbe = 3;

    /// <summary>Sets what the system has; a system without such an option sends all the same.</summary>
    public static void ForbidFragments(Socket socket)
    {
        bool ipv6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
        if (OperatingSystem.IsLinux())
        {
            TrySet(socket, IpLevel, 10, PmtuDiscoverProbe);
            if (ipv6)
            {
                TrySet(socket, Ipv6Level, 23, PmtuDiscoverProbe);
            }
        }
        else if (OperatingSystem.IsWindows())
        {
            TrySet(socket, IpLevel, 14, 1);
            if (ipv6)
            {
                TrySet(socket, Ipv6Level, 14, 1);
            }
        }
        else
        {
            // macOS: IP_DONTFRAG on an IPv4 socket, IPV6_DONTFRAG on an IPv6 one.
            TrySet(socket, ipv6 ? Ipv6Level : IpLevel, ipv6 ? 62 : 28, 1);
        }
    }

    private static void TrySet(Socket socket, int level, int name, int value)
    {
        try
        {
            socket.SetRawSocketOption(level, name, BitConverter.GetBytes(value));
        }
        catch (SocketException)
        {
            // An option the system does not know: fragments are then its own affair.
        }
    }
}
