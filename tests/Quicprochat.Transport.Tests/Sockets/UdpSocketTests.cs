using System.Net;
using System.Net.Sockets;
using Quicprochat.Quic;
using Quicprochat.Transport.Sockets;

namespace Quicprochat.Transport.Tests.Sockets;

public sealed class UdpSocketTests
{
    public static TheoryData<bool, string> Kinds => new()
    {
        { false, "127.0.0.1" },
        { false, "::1" },
        { false, "::" },
        { true, "127.0.0.1" },
        { true, "::1" },
        { true, "::" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Datagrams_arrive_whole_and_in_order(bool portable, string host)
    {
        using IUdpSocket receiver = Open(portable, host);
        using IUdpSocket sender = Open(portable, host);
        byte[] payload = [.. Enumerable.Range(0, 3500).Select(static i => (byte)(i / 1000))];

        Send(sender, AddressOf(receiver, host), payload, segmentSize: 1000);

        List<byte[]> received = ReceiveDatagrams(receiver, 4, out NetworkPath path);
        Assert.Equal([1000, 1000, 1000, 500], received.Select(static datagram => datagram.Length));
        Assert.Equal(payload, received.SelectMany(static datagram => datagram));
        Assert.Equal(sender.LocalAddress.Port, path.Remote.Port);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_wildcard_socket_learns_the_local_address_and_sends_from_it(string dialled)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Local addresses are known on Linux alone.");
        using IUdpSocket wildcard = Open(portable: false, "::");
        using IUdpSocket other = Open(portable: false, dialled);
        Address address = Address.From(IPAddress.Parse(dialled), wildcard.LocalAddress.Port);
        Send(other, address, new byte[10], 10);
        ReceiveDatagrams(wildcard, 1, out NetworkPath path);
        Assert.Equal(address, path.Local);
        Assert.Equal(other.LocalAddress, path.Remote);

        var batch = new SendBatch();
        batch.Free[0] = 7;
        batch.Add(new Transmit(path, 1, 1, Ecn.NotEct));
        Assert.True(wildcard.Send(batch));
        ReceiveDatagrams(other, 1, out NetworkPath back);
        Assert.Equal(address, back.Remote);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("::", "127.0.0.1")]
    [InlineData("::", "::1")]
    public void Ecn_marks_travel(string bound, string dialled)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ECN marks are known on Linux alone.");
        using IUdpSocket receiver = Open(portable: false, bound);
        using IUdpSocket sender = Open(portable: false, bound);
        foreach (Ecn mark in Enum.GetValues<Ecn>())
        {
            var batch = new SendBatch();
            batch.Free[0] = 1;
            batch.Add(new Transmit(new NetworkPath(default, Address.From(IPAddress.Parse(dialled), receiver.LocalAddress.Port)), 1, 1, mark));
            Assert.True(sender.Send(batch));
            var received = new ReceiveBatch(4);
            WaitFor(receiver, received);
            Assert.Equal(mark, received[0].Ecn);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_empty_datagram_is_one(bool portable)
    {
        using IUdpSocket receiver = Open(portable, "127.0.0.1");
        using var sender = new UdpClient("127.0.0.1", receiver.LocalAddress.Port);
        sender.Send([]);
        var batch = new ReceiveBatch(4);
        WaitFor(receiver, batch);
        Assert.Equal((1, 0), (batch.Count, batch[0].Length));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Wake_ends_a_wait_from_another_thread(bool portable)
    {
        using IUdpSocket socket = Open(portable, "::");
        using var waiting = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            waiting.Set();
            socket.Wait(long.MaxValue / 2, writable: false);
        });
        thread.Start();
        waiting.Wait(TestContext.Current.CancellationToken);
        socket.Wake();
        Assert.True(thread.Join(TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Wake_after_dispose_does_nothing(bool portable)
    {
        IUdpSocket socket = Open(portable, "127.0.0.1");
        socket.Dispose();
        socket.Wake();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_closed_port_and_a_datagram_too_long_are_lost_datagrams(bool portable)
    {
        using IUdpSocket sender = Open(portable, "127.0.0.1");
        using IUdpSocket receiver = Open(portable, "127.0.0.1");
        ushort closedPort;
        using (IUdpSocket closed = Open(portable, "127.0.0.1"))
        {
            closedPort = closed.LocalAddress.Port;
        }
        for (int i = 0; i < 3; i++)
        {
            // The second one meets the ICMP message that the first one caused.
            Send(sender, Address.From(IPAddress.Loopback, closedPort), new byte[10], 10);
        }
        // Longer than any IPv4 datagram: EMSGSIZE.
        var batch = new SendBatch();
        batch.Add(new Transmit(new NetworkPath(default, AddressOf(receiver, "127.0.0.1")), 65_530 > SendBatch.TransmitSizeMax ? SendBatch.TransmitSizeMax : 65_530, 65_530, Ecn.NotEct));
        Assert.True(sender.Send(batch));
        Send(sender, AddressOf(receiver, "127.0.0.1"), [42], 1);
        Assert.Contains(ReceiveDatagrams(receiver, 2, out _), static datagram => datagram is [42]);
    }

    [Fact]
    public void A_route_that_is_not_there_loses_datagrams_and_no_more()
    {
        using IUdpSocket sender = Open(portable: false, "127.0.0.1");
        using IUdpSocket receiver = Open(portable: false, "127.0.0.1");
        Send(sender, Address.From(IPAddress.Parse("203.0.113.1"), 9), new byte[3000], 1000);
        Send(sender, AddressOf(receiver, "127.0.0.1"), [42], 1);
        Assert.Equal([42], Assert.Single(ReceiveDatagrams(receiver, 1, out _)));
    }

    [Fact]
    public void A_wildcard_socket_reaches_both_families_and_a_bound_one_its_own()
    {
        using IUdpSocket dual = Open(portable: false, "::");
        using IUdpSocket ipv4 = Open(portable: false, "127.0.0.1");
        using IUdpSocket ipv6 = Open(portable: false, "::1");
        Address v4 = Address.From(IPAddress.Loopback, 1);
        Address v6 = Address.From(IPAddress.IPv6Loopback, 1);
        Assert.Equal((true, true), (dual.CanReach(v4), dual.CanReach(v6)));
        Assert.Equal((true, false), (ipv4.CanReach(v4), ipv4.CanReach(v6)));
        Assert.Equal((false, true), (ipv6.CanReach(v4), ipv6.CanReach(v6)));
    }

    [Fact]
    public void An_address_in_use_is_an_exception()
    {
        using IUdpSocket first = Open(portable: false, "127.0.0.1");
        var taken = new UdpSocketOptions { LocalEndPoint = first.LocalAddress.ToIPEndPoint() };
        Assert.Equal(SocketError.AddressAlreadyInUse, Assert.Throws<SocketException>(() => UdpSocket.Open(taken)).SocketErrorCode);
    }

    private static IUdpSocket Open(bool portable, string host)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6 || !host.Contains(':'), "This host has no IPv6.");
        return UdpSocket.Open(new UdpSocketOptions { LocalEndPoint = new IPEndPoint(IPAddress.Parse(host), 0), Portable = portable });
    }

    private static Address AddressOf(IUdpSocket socket, string host) =>
        Address.From(host == "::" ? IPAddress.IPv6Loopback : IPAddress.Parse(host), socket.LocalAddress.Port);

    private static void Send(IUdpSocket socket, Address to, ReadOnlySpan<byte> payload, int segmentSize)
    {
        var batch = new SendBatch();
        payload.CopyTo(batch.Free);
        batch.Add(new Transmit(new NetworkPath(default, to), payload.Length, segmentSize, Ecn.NotEct));
        Assert.True(socket.Send(batch));
        Assert.True(batch.IsEmpty);
    }

    private static List<byte[]> ReceiveDatagrams(IUdpSocket socket, int count, out NetworkPath path)
    {
        var datagrams = new List<byte[]>();
        var batch = new ReceiveBatch(LinuxUdpSocket.ReceiveSlots);
        path = default;
        while (datagrams.Count < count)
        {
            WaitFor(socket, batch);
            for (int i = 0; i < batch.Count; i++)
            {
                path = batch[i].Path;
                datagrams.AddRange(batch.Payload(batch[i]).ToArray().Chunk(batch[i].SegmentSize));
            }
        }
        return datagrams;
    }

    private static void WaitFor(IUdpSocket socket, ReceiveBatch batch)
    {
        batch.Clear();
        for (int tries = 0; batch.Count == 0 && tries < 100; tries++)
        {
            socket.Wait(100_000, writable: false);
            socket.Receive(batch);
        }
        Assert.NotEqual(0, batch.Count);
    }
}
