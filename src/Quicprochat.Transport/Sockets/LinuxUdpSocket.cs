using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Quicprochat.Quic;
using static Quicprochat.Transport.Sockets.LinuxNative;

namespace Quicprochat.Transport.Sockets;

/// <summary>
/// Linux: many messages a call (recvmmsg, sendmmsg), many datagrams a message (UDP_GRO, UDP_SEGMENT, each where the kernel has it),
/// ECN marks and local addresses by ancillary data, timeouts in nanoseconds (ppoll) and an eventfd to be woken by.
/// </summary>
internal sealed unsafe partial class LinuxUdpSocket : IUdpSocket
{
    private const int SegmentsMax = 64;

    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly EventDescriptor _event;
    private readonly AddressFamily _family;
    private readonly bool _dualMode;
    private readonly bool _wildcard;
    private readonly MessageArray _incoming;
    private readonly MessageArray _outgoing;
    private readonly bool _segmentsKnown;
    private bool _sendsSegments;

    public LinuxUdpSocket(Socket socket)
    {
        _socket = socket;
        _descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        _family = socket.AddressFamily;
        _dualMode = _family == AddressFamily.InterNetworkV6 && socket.DualMode;
        LocalAddress = Address.From((IPEndPoint)socket.LocalEndPoint!);
        _wildcard = SocketAddresses.IsUnspecified(LocalAddress);
        _segmentsKnown = _sendsSegments = TrySet(SolUdp, UdpSegment, 0);
        TrySet(SolUdp, UdpGro, 1);
        AskForAncillaryData();
        _incoming = new MessageArray(ReceiveSlots);
        _outgoing = new MessageArray(SendBatch.Capacity);
        _event = CreateEvent();
    }

    public Address LocalAddress { get; }

    public int MaxSegments => _segmentsKnown ? SegmentsMax : 8;

    public bool CanReach(in Address remote) => _family == AddressFamily.InterNetwork ? remote.IsIPv4 : _dualMode || !remote.IsIPv4;

    public bool Wait(long timeoutMicros, bool writable)
    {
        var descriptors = stackalloc PollDescriptor[2];
        descriptors[0] = new PollDescriptor { Descriptor = _descriptor, Events = writable ? (short)(PollIn | PollOut) : PollIn };
        descriptors[1] = new PollDescriptor { Descriptor = _event.Number, Events = PollIn };
        var timeout = new TimeSpec { Seconds = (nint)(timeoutMicros / 1_000_000), Nanoseconds = (nint)(timeoutMicros % 1_000_000 * 1000) };
        int ready = LinuxNative.Poll(descriptors, 2, &timeout, null);
        if (ready <= 0)
        {
            // Time is up, or a signal came: the loop looks at everything anyway.
            return false;
        }
        if (descriptors[1].Returned != 0)
        {
            ulong count;
            _ = Read(_event, &count, sizeof(ulong));
        }
        // An error reported here is an ICMP message; the receive takes it off the socket.
        return (descriptors[0].Returned & ~PollOut) != 0;
    }

    public void Wake()
    {
        try
        {
            ulong one = 1;
            _ = Write(_event, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The loop has moved to another socket, and looked at its queue after that.
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _event.Dispose();
        _incoming.Dispose();
        _outgoing.Dispose();
    }

    /// <summary>An IPv6 socket with IPv4 peers gets IPV6_PKTINFO for both, but IP_TOS for the IPv4 ones.</summary>
    private void AskForAncillaryData()
    {
        TrySet(SolIp, IpRecvTos, 1);
        if (_family == AddressFamily.InterNetworkV6)
        {
            TrySet(SolIpv6, Ipv6RecvTclass, 1);
            TrySet(SolIpv6, Ipv6RecvPktinfo, 1);
        }
        else
        {
            TrySet(SolIp, IpPktinfo, 1);
        }
    }

    private bool TrySet(int level, int name, int value)
    {
        try
        {
            _socket.SetRawSocketOption(level, name, BitConverter.GetBytes(value));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Message headers with a name and ancillary data each, in memory that does not move.</summary>
    private sealed class MessageArray : IDisposable
    {
        public MessageArray(int count)
        {
            Headers = (MessageHeader*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(MessageHeader));
            Vectors = (IoVector*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(IoVector));
            Names = (byte*)NativeMemory.AllocZeroed((nuint)count, SocketAddresses.Ipv6Size);
            Controls = (byte*)NativeMemory.AllocZeroed((nuint)count, ControlMessages.Size);
        }

        public MessageHeader* Headers { get; private set; }

        public IoVector* Vectors { get; private set; }

        public byte* Names { get; private set; }

        public byte* Controls { get; private set; }

        /// <summary>Sets the <paramref name="index"/>-th message to a payload, with the whole room for its name and ancillary data.</summary>
        public Message* Prepare(int index, byte* payload, int length)
        {
            Vectors[index] = new IoVector { Base = payload, Length = (nuint)length };
            Headers[index].Message = new Message
            {
                Name = Names + (index * SocketAddresses.Ipv6Size),
                NameLength = SocketAddresses.Ipv6Size,
                Vectors = Vectors + index,
                VectorCount = 1,
                Control = Controls + (index * ControlMessages.Size),
                ControlLength = ControlMessages.Size,
            };
            return &Headers[index].Message;
        }

        public void Dispose()
        {
            NativeMemory.Free(Headers);
            NativeMemory.Free(Vectors);
            NativeMemory.Free(Names);
            NativeMemory.Free(Controls);
            Headers = null;
            Vectors = null;
            Names = Controls = null;
        }
    }
}
