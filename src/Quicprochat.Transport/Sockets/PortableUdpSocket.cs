using System.Net;
using System.Net.Sockets;
using Quicprochat.Quic;

namespace Quicprochat.Transport.Sockets;

/// <summary>
/// One datagram a call through <see cref="Socket"/>'s allocation-free overloads: works wherever .NET does.
/// It knows neither ECN marks nor the local address of a wildcard socket. The loop is woken by an empty datagram to ourselves,
/// which needs no second descriptor: where the receive queue has no room for it, there is something to read anyway.
/// </summary>
internal sealed class PortableUdpSocket : IUdpSocket
{
    private const int WindowsUdpConnectionReset = unchecked((int)0x9800000C);

    private readonly Socket _socket;
    private readonly AddressFamily _family;
    private readonly bool _dualMode;
    private readonly SocketAddress _from;
    private readonly SocketAddress _to;
    private readonly SocketAddress _self;
    private readonly Address _knownLocal;

    public PortableUdpSocket(Socket socket)
    {
        _socket = socket;
        _family = socket.AddressFamily;
        _dualMode = _family == AddressFamily.InterNetworkV6 && socket.DualMode;
        _from = SocketAddresses.Template(_family);
        _to = SocketAddresses.Template(_family);
        var local = (IPEndPoint)socket.LocalEndPoint!;
        LocalAddress = Address.From(local);
        bool wildcard = SocketAddresses.IsUnspecified(LocalAddress);
        _knownLocal = wildcard ? default : LocalAddress;
        IPAddress loopback = _family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        _self = new IPEndPoint(wildcard ? loopback : local.Address, local.Port).Serialize();
        if (OperatingSystem.IsWindows())
        {
            // Otherwise an ICMP "port unreachable" for one peer makes the next receive fail.
            socket.IOControl(WindowsUdpConnectionReset, [0, 0, 0, 0], null);
        }
    }

    public Address LocalAddress { get; }

    public int MaxSegments => 8;

    public bool CanReach(in Address remote) => _family == AddressFamily.InterNetwork ? remote.IsIPv4 : _dualMode || !remote.IsIPv4;

    public bool Wait(long timeoutMicros, bool writable)
    {
        // Poll counts in milliseconds on Unix and rounds down: round up, so as not to spin. A full send queue empties within a millisecond.
        long milliseconds = writable ? 1 : Math.Min((timeoutMicros + 999) / 1000, 60_000);
        return _socket.Poll((int)milliseconds * 1000, SelectMode.SelectRead);
    }

    public void Wake()
    {
        try
        {
            _socket.SendTo([], SocketFlags.None, _self);
        }
        catch (SocketException)
        {
            // The queue is full: the loop is awake.
        }
        catch (ObjectDisposedException)
        {
            // The loop has moved to another socket, and looked at its queue after that.
        }
    }

    public void Receive(ReceiveBatch batch)
    {
        batch.Clear();
        while (!batch.IsFull && _socket.Poll(0, SelectMode.SelectRead))
        {
            int offset = batch.Count * ReceiveBatch.SlotSize;
            try
            {
                int length = _socket.ReceiveFrom(batch.Buffer.AsSpan(offset, ReceiveBatch.SlotSize), SocketFlags.None, _from);
                Address remote = SocketAddresses.Read(_family, _from.Buffer.Span);
                batch.Add(new ReceivedMessage(offset, length, length, new NetworkPath(_knownLocal, remote), Ecn.NotEct));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                return;
            }
            catch (SocketException)
            {
                // A pending ICMP error, for one of any number of peers: QUIC has its own timers.
            }
        }
    }

    public bool Send(SendBatch batch)
    {
        while (!batch.IsEmpty)
        {
            ref readonly Transmit transmit = ref batch[0];
            ReadOnlySpan<byte> rest = batch.Buffer.AsSpan(batch.OffsetOf(0), transmit.Length);
            SocketAddresses.Write(_family, transmit.Path.Remote, _to.Buffer.Span);
            while (!rest.IsEmpty)
            {
                ReadOnlySpan<byte> datagram = rest[..Math.Min(transmit.SegmentSize, rest.Length)];
                if (!TrySend(datagram))
                {
                    batch.KeepOnly(rest.Length);
                    return false;
                }
                rest = rest[datagram.Length..];
            }
            batch.Remove(1);
        }
        return true;
    }

    public void Dispose() => _socket.Dispose();

    private bool TrySend(ReadOnlySpan<byte> datagram)
    {
        try
        {
            _socket.SendTo(datagram, SocketFlags.None, _to);
            return true;
        }
        catch (SocketException e)
        {
            // MessageSize is a probe that was too long, ConnectionRefused an ICMP message, NetworkUnreachable a route that went: each a lost datagram.
            return e.SocketErrorCode is not (SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable);
        }
    }
}
