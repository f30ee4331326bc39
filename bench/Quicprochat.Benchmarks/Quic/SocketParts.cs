using System.Net;
using Quicprochat.Quic;
using Quicprochat.Transport.Sockets;

namespace Quicprochat.Benchmarks.Quic;

/// <summary>Datagrams through the loopback: full ones in batches as a transfer sends them, and single small ones as calls do.</summary>
internal sealed class SocketParts : IDisposable
{
    private const int Segments = 40;
    private const int SegmentSize = 1452;
    private const long Patience = 1_000_000;

    private readonly IUdpSocket _sender = Open();
    private readonly IUdpSocket _receiver = Open();
    private readonly SendBatch _sending = new();
    private readonly ReceiveBatch _received = new(LinuxUdpSocket.ReceiveSlots);
    private readonly NetworkPath _path;

    public SocketParts() => _path = new NetworkPath(_sender.LocalAddress, _receiver.LocalAddress);

    public IEnumerable<Part> All()
    {
        yield return new Part($"socket: {Segments} full datagrams sent and received, each", () => Pass(Segments * SegmentSize), Segments);
        yield return new Part("socket: one full datagram sent and received", () => Pass(SegmentSize));
        yield return new Part("socket: one of 100 bytes sent and received", () => Pass(100));
        yield return new Part("socket: a look at an empty one", () => _receiver.Receive(_received));
        yield return new Part("socket: sleep and wake by eventfd, same thread", WakeAndWait);
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    private static IUdpSocket Open() => UdpSocket.Open(new UdpSocketOptions { LocalEndPoint = new IPEndPoint(IPAddress.Loopback, 0) });

    private void Pass(int length)
    {
        _sending.Add(new Transmit(_path, length, Math.Min(length, SegmentSize), Ecn.Ect0));
        while (!_sender.Send(_sending))
        {
            _sender.Wait(Patience, writable: true);
        }
        for (int got = 0; got < length;)
        {
            _receiver.Receive(_received);
            for (int i = 0; i < _received.Count; i++)
            {
                got += _received[i].Length;
            }
            if (got < length && !_receiver.Wait(Patience, writable: false))
            {
                throw new InvalidOperationException("A datagram was lost on the loopback.");
            }
        }
    }

    private void WakeAndWait()
    {
        _receiver.Wake();
        _receiver.Wait(Patience, writable: false);
    }
}
