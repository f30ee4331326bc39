using System.Runtime.InteropServices;

namespace Quicprochat.Transport.Sockets;

/// <summary>The system calls, structures and numbers of Linux that <see cref="LinuxUdpSocket"/> needs; the numbers are the same on every little-endian architecture .NET runs on.</summary>
internal static unsafe partial class LinuxNative
{
    public const int SolIp = 0;
    public const int SolUdp = 17;
    public const int SolIpv6 = 41;

    public const int IpTos = 1;
    public const int IpPktinfo = 8;
    public const int IpRecvTos = 13;
    public const int Ipv6RecvPktinfo = 49;
    public const int Ipv6Pktinfo = 50;
    public const int Ipv6RecvTclass = 66;
    public const int Ipv6Tclass = 67;
    public const int UdpSegment = 103;
    public const int UdpGro = 104;

    public const int MsgDontWait = 0x40;

    public const int Eintr = 4;
    public const int Eio = 5;
    public const int Eagain = 11;
    public const int Einval = 22;
    public const int Emsgsize = 90;

    public const short PollIn = 1;
    public const short PollOut = 4;

    private const int EfdNonblockCloexec = 0x80800;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMessages(int descriptor, MessageHeader* messages, uint count, int flags, TimeSpec* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMessages(int descriptor, MessageHeader* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(EventDescriptor descriptor, void* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(EventDescriptor descriptor, void* buffer, nuint length);

    /// <summary>A counter that can be waited for (eventfd), at zero.</summary>
    public static EventDescriptor CreateEvent()
    {
        int descriptor = EventFd(0, EfdNonblockCloexec);
        return descriptor >= 0 ? new EventDescriptor(descriptor) : throw new System.Net.Sockets.SocketException(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint value, int flags);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public byte* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct mmsghdr: a message, padded to a word, and the bytes that came or went.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public Message Message;
        public uint Length;
    }

    /// <summary>struct cmsghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
