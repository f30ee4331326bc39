using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Quicprochat.Quic;
using static Quicprochat.Transport.Sockets.LinuxNative;

namespace Quicprochat.Transport.Sockets;

internal sealed unsafe partial class LinuxUdpSocket
{
    private const ushort AfInet = 2;
    private const ushort AfInet6 = 10;

    public bool Send(SendBatch batch)
    {
        // The batch's buffer is pinned for its life.
        byte* buffer = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(batch.Buffer));
        while (!batch.IsEmpty)
        {
            // A message of several datagrams that may not be handed over as one is sent for itself.
            int count = 0;
            while (count < batch.Count && (_sendsSegments || batch[count].Length <= batch[count].SegmentSize))
            {
                Describe(count, in batch[count], buffer + batch.OffsetOf(count), batch[count].Length);
                count++;
            }
            if (count == 0)
            {
                if (!SendSegments(batch, buffer))
                {
                    return false;
                }
                continue;
            }
            int sent = SendMessages(_descriptor, _outgoing.Headers, (uint)count, MsgDontWait);
            if (sent > 0)
            {
                batch.Remove(sent);
            }
            else if (!HandleError(batch, buffer, Marshal.GetLastPInvokeError()))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The first message was not sent. False when the socket is full.</summary>
    private bool HandleError(SendBatch batch, byte* buffer, int error)
    {
        switch (error)
        {
            case Eintr:
                return true;
            case Eagain:
                return false;
            case Eio or Einval or Emsgsize when batch[0].Length > batch[0].SegmentSize:
                // EIO: the interface cannot do it (no checksum offload), now or ever. The others may be this one message's fault.
                _sendsSegments &= error != Eio;
                return SendSegments(batch, buffer);
            default:
                // A probe that was too long (EMSGSIZE), an ICMP message (ECONNREFUSED), a full interface (ENOBUFS), a route or an address that went:
                // a lost datagram.
                batch.Remove(1);
                return true;
        }
    }

    /// <summary>Sends the first transmit one datagram at a time.</summary>
    private bool SendSegments(SendBatch batch, byte* buffer)
    {
        Transmit transmit = batch[0];
        int offset = batch.OffsetOf(0);
        for (int sent = 0; sent < transmit.Length;)
        {
            int length = Math.Min(transmit.SegmentSize, transmit.Length - sent);
            Describe(0, in transmit, buffer + offset + sent, length);
            int result = SendMessages(_descriptor, _outgoing.Headers, 1, MsgDontWait);
            int error = result < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (error == Eagain)
            {
                batch.KeepOnly(transmit.Length - sent);
                return false;
            }
            sent += error == Eintr ? 0 : length;
        }
        batch.Remove(1);
        return true;
    }

    private void Describe(int index, in Transmit transmit, byte* payload, int length)
    {
        Message* header = _outgoing.Prepare(index, payload, length);
        bool ipv4Socket = _family == AddressFamily.InterNetwork;
        header->NameLength = (uint)(ipv4Socket ? SocketAddresses.Ipv4Size : SocketAddresses.Ipv6Size);
        Unsafe.WriteUnaligned(header->Name, ipv4Socket ? AfInet : AfInet6);
        SocketAddresses.Write(_family, transmit.Path.Remote, new Span<byte>(header->Name, SocketAddresses.Ipv6Size));

        int used = 0;
        if (transmit.Ecn != Ecn.NotEct)
        {
            bool ipv4 = transmit.Path.Remote.IsIPv4;
            used = ControlMessages.Append(header->Control, used, ipv4 ? SolIp : SolIpv6, ipv4 ? IpTos : Ipv6Tclass, (int)transmit.Ecn);
        }
        if (_wildcard && !SocketAddresses.IsUnspecified(transmit.Path.Local))
        {
            used = AppendSource(header->Control, used, transmit.Path.Local);
        }
        if (length > transmit.SegmentSize)
        {
            used = ControlMessages.Append(header->Control, used, SolUdp, UdpSegment, (ushort)transmit.SegmentSize);
        }
        header->ControlLength = (nuint)used;
        header->Control = used == 0 ? null : header->Control;
    }

    private int AppendSource(byte* control, int used, in Address local)
    {
        Span<byte> bytes = stackalloc byte[16];
        local.WriteBytes(bytes);
        if (_family == AddressFamily.InterNetworkV6)
        {
            return ControlMessages.Append(control, used, SolIpv6, Ipv6Pktinfo, new Ipv6PacketInfo
            {
                High = BinaryPrimitives.ReadUInt64LittleEndian(bytes),
                Low = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
                Interface = local.ScopeId,
            });
        }
        return ControlMessages.Append(control, used, SolIp, IpPktinfo, new Ipv4PacketInfo { Source = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) });
    }

    /// <summary>struct in_pktinfo.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Ipv4PacketInfo
    {
        public int Interface;
        public uint Source;
        public uint Destination;
    }

    /// <summary>struct in6_pktinfo.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Ipv6PacketInfo
    {
        public ulong High;
        public ulong Low;
        public uint Interface;
    }
}
