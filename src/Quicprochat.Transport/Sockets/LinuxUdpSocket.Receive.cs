using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Quicprochat.Quic;
using static Quicprochat.Transport.Sockets.LinuxNative;

namespace Quicprochat.Transport.Sockets;

internal sealed unsafe partial class LinuxUdpSocket
{
    /// <summary>Messages taken by one call; with UDP_GRO each may hold dozens of datagrams.</summary>
    public const int ReceiveSlots = 16;

    public void Receive(ReceiveBatch batch)
    {
        batch.Clear();
        int slots = Math.Min(batch.Slots, ReceiveSlots);
        // The batch's buffer is pinned for its life.
        byte* buffer = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(batch.Buffer));
        for (int i = 0; i < slots; i++)
        {
            _incoming.Prepare(i, buffer + (i * ReceiveBatch.SlotSize), ReceiveBatch.SlotSize);
        }
        int received = ReceiveMessages(_descriptor, _incoming.Headers, (uint)slots, MsgDontWait, null);
        if (received < 0 && Marshal.GetLastPInvokeError() is not (Eagain or Eintr))
        {
            // An ICMP error about one peer came first and is gone now: QUIC has its own timers, and others may have sent.
            received = ReceiveMessages(_descriptor, _incoming.Headers, (uint)slots, MsgDontWait, null);
        }
        for (int i = 0; i < received; i++)
        {
            batch.Add(Describe(i));
        }
    }

    private ReceivedMessage Describe(int index)
    {
        Message* header = &_incoming.Headers[index].Message;
        Address remote = SocketAddresses.Read(_family, new ReadOnlySpan<byte>(header->Name, SocketAddresses.Ipv6Size));
        Address local = _wildcard ? default : LocalAddress;
        var ecn = Ecn.NotEct;
        int length = (int)_incoming.Headers[index].Length;
        int segmentSize = length;
        var control = new ReadOnlySpan<byte>(header->Control, (int)header->ControlLength);
        int position = 0;
        while (ControlMessages.TryNext(control, ref position, out ControlHeader message, out ReadOnlySpan<byte> value))
        {
            switch ((message.Level, message.Type))
            {
                case (SolIp, IpTos) or (SolIpv6, Ipv6Tclass):
                    ecn = (Ecn)(value[0] & 3);
                    break;
                case (SolIp, IpPktinfo):
                    // struct in_pktinfo: the interface, the address to answer from, the address in the header.
                    local = Address.FromBytes(value.Slice(4, 4), LocalAddress.Port);
                    break;
                case (SolIpv6, Ipv6Pktinfo):
                    local = LocalOf(value);
                    break;
                case (SolUdp, UdpGro):
                    segmentSize = MemoryMarshal.Read<int>(value);
                    break;
            }
        }
        return new ReceivedMessage(index * ReceiveBatch.SlotSize, length, segmentSize > 0 ? segmentSize : length, new NetworkPath(local, remote), ecn);
    }

    /// <summary>struct in6_pktinfo: an address and an interface, which is a link-local address's scope.</summary>
    private Address LocalOf(ReadOnlySpan<byte> value)
    {
        bool linkLocal = value[0] == 0xfe && (value[1] & 0xc0) == 0x80;
        return Address.FromBytes(value[..16], LocalAddress.Port, linkLocal ? MemoryMarshal.Read<uint>(value[16..]) : 0);
    }
}
