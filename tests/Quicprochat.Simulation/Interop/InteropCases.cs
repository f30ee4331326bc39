using Quicprochat.Quic;
using Quicprochat.Quic.Tls;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Interop;

/// <summary>
/// The cases of quic-interop-runner by their names, over its networks, with its checks: what was sent is read off the wire.
/// Not here: resumption, zerortt (no resumption and no 0-RTT), v2, http3 (no HTTP/3 yet), connectionmigration (no preferred address), goodput and crosstraffic (measurements).
/// </summary>
public sealed class InteropCases
{
    private const int Megabyte = 1 << 20;
    private const int Kilobyte = 1 << 10;

    [Fact]
    public void Handshake() => SimPair.Run(1, new Scenario(), pair =>
    {
        var meter = new AmplificationMeter(pair);
        Connection connection = pair.Download(10 * SimClock.Second, Kilobyte);
        pair.Drain();

        Assert.DoesNotContain(pair.Observer.Packets, p => p.Kind is WirePacketKind.Retry or WirePacketKind.VersionNegotiation or WirePacketKind.Unknown);
        Assert.Single(pair.Server.Connections);
        Assert.Equal((int)TlsGroup.X25519MLKEM768, connection.NegotiatedGroup);
        Assert.Equal(SimTls.Protocol, connection.ApplicationProtocol);
        Assert.Equal(SimTls.ServerCredential.CertificateChain[0].ToArray(), connection.PeerCertificates[0].ToArray());
        Assert.Equal(SimTls.ServerName, pair.Server.Connections[0].ServerName);
        Assert.Contains(pair.Observer.From(Side.Server), p => p.Has(WireFrame.HandshakeDone));
        Assert.InRange(meter.HighestRatio, 0.1, 3);
        Assert.All(pair.Observer.From(Side.Client).Where(p => p.Kind == WirePacketKind.Initial), p => Assert.True(p.Datagram.Length >= 1_200));
    });

    [Fact]
    public void Transfer()
    {
        var small = new TransportOptions { ConnectionWindow = 128 * Kilobyte, StreamWindow = 64 * Kilobyte };
        SimPair.Run(2, new Scenario { ClientTransport = small }, pair =>
        {
            pair.Download(60 * SimClock.Second, 2 * Megabyte, 3 * Megabyte, 5 * Megabyte);
            pair.Drain();

            List<WireFrame> frames = [.. pair.Observer.FramesFrom(Side.Client)];
            Assert.Contains(frames, f => f.Type == WireFrame.MaxData);
            Assert.Equal(3, frames.Where(f => f.Type == WireFrame.MaxStreamData).Select(f => f.StreamId).Distinct().Count());
            // The three files take turns: the first does not wait for the last.
            Assert.True(Interleaves(pair.Observer.FramesFrom(Side.Server)), "The streams were sent one after the other.");
        });
    }

    [Fact]
    public void Longrtt() => SimPair.Run(3, new Scenario { Delay = 750 * SimClock.Millisecond }, pair =>
    {
        pair.Download(30 * SimClock.Second, Kilobyte);
        pair.Drain();

        IEnumerable<WirePacket> hellos = pair.Observer.From(Side.Client).Where(p => p.Kind == WirePacketKind.Initial && p.Frames.Any(f => f is { Type: WireFrame.Crypto, Value: 0 }));
        Assert.True(hellos.Count() >= 2, "No second ClientHello, though the PTO came before the answer.");
        Assert.Single(pair.Server.Connections);
        Assert.Equal(1, pair.Events["client Connected"]);
    });

    [Fact]
    public void Chacha20() => SimPair.Run(4, new Scenario { ClientTls = tls => tls with { CipherSuites = [TlsCipherSuite.ChaCha20Poly1305Sha256] } }, pair =>
    {
        Connection connection = pair.Download(60 * SimClock.Second, 3 * Megabyte);
        pair.Drain();

        Assert.Equal((int)TlsCipherSuite.ChaCha20Poly1305Sha256, connection.NegotiatedCipherSuite);
        Assert.Equal((int)TlsCipherSuite.ChaCha20Poly1305Sha256, pair.Server.Connections[0].NegotiatedCipherSuite);
    });

    [Fact]
    public void Multiplexing()
    {
        var server = new TransportOptions { MaxInboundBidirectionalStreams = 100 };
        SimPair.Run(5, new Scenario { ServerTransport = server }, pair =>
        {
            pair.Download(60 * SimClock.Second, [.. Enumerable.Repeat(32, 1_999)]);
            pair.Drain();

            Assert.Contains(pair.Observer.FramesFrom(Side.Server), f => f.Type == WireFrame.MaxStreamsBidi);
            Assert.Equal(1_999, pair.Observer.FramesFrom(Side.Client).Where(f => f.IsStream).Select(f => f.StreamId).Distinct().Count());
        });
    }

    [Fact]
    public void Retry() => SimPair.Run(6, new Scenario { ServerEndpoint = new EndpointOptions { Retry = RetryPolicy.Always } }, pair =>
    {
        var meter = new AmplificationMeter(pair);
        pair.Download(10 * SimClock.Second, Kilobyte);
        pair.Drain();

        // One for each datagram of the ClientHello; the client takes the first.
        WirePacket retry = pair.Observer.Packets.First(p => p.Kind == WirePacketKind.Retry);
        WirePacket[] initials = [.. pair.Observer.From(Side.Client).Where(p => p.Kind == WirePacketKind.Initial)];
        WirePacket[] before = [.. initials.Where(p => p.Time <= retry.Time)];
        WirePacket[] after = [.. initials.Except(before)];
        Assert.All(before, p => Assert.Equal(0, p.Token.Length));
        Assert.NotEmpty(after);
        Assert.All(after, p => Assert.Equal(retry.Token.ToArray(), p.Token.ToArray()));
        Assert.Equal(retry.Source, after[0].Destination);
        // RFC 9000 §17.2.5.3: packet numbers go on after a Retry.
        Assert.True(after[0].PacketNumber > before[^1].PacketNumber);
        Assert.Single(pair.Server.Connections);
        Assert.InRange(meter.HighestRatio, 0, 3);
    });

    [Fact]
    public void Keyupdate()
    {
        int updates = 0;
        var client = new FileClient(3 * Megabyte)
        {
            Progress = (connection, received) =>
            {
                if (updates == 0 && received > 100 * Kilobyte && connection.TryUpdateKeys())
                {
                    updates++;
                }
            },
        };
        SimPair.Run(7, new Scenario(), pair =>
        {
            Connection connection = pair.Download(60 * SimClock.Second, client);
            pair.Drain();

            Assert.Equal(1, updates);
            Assert.Equal(1, connection.Statistics.KeyUpdates);
            Assert.Contains(pair.Observer.From(Side.Client), p => p.KeyPhase);
            WirePacket first = pair.Observer.From(Side.Server).First(p => p.KeyPhase);
            long sent = pair.Observer.FramesFrom(Side.Server).Where(f => f.IsStream).TakeWhile(f => !first.Frames.Contains(f)).Sum(f => f.Data.Length);
            Assert.InRange(sent, 100 * Kilobyte, Megabyte);
            // No phase is mixed: after the flip everything new is in the new phase.
            Assert.All(pair.Observer.From(Side.Server).SkipWhile(p => p != first).Where(p => p.Kind == WirePacketKind.OneRtt), p => Assert.True(p.KeyPhase));
        });
    }

    [Fact]
    public void Ecn() => SimPair.Run(8, new Scenario(), pair =>
    {
        pair.Download(30 * SimClock.Second, Megabyte);
        pair.Drain();

        foreach (Side sender in new[] { Side.Client, Side.Server })
        {
            WirePacket[] packets = [.. pair.Observer.From(sender)];
            WirePacket[] eliciting = [.. packets.Where(p => p.Frames.Any(f => f.IsAckEliciting))];
            // Marked while the path is tested, perhaps not while the answer is awaited, and always once it has come (RFC 9000 §A.4).
            Assert.Equal(Quic.Ecn.Ect0, eliciting[0].Datagram.Ecn);
            Assert.All(eliciting.Where(p => p.Time > SimClock.Start + SimClock.Second / 2), p => Assert.Equal(Quic.Ecn.Ect0, p.Datagram.Ecn));
            Assert.All(packets, p => Assert.True(p.Datagram.Ecn is Quic.Ecn.Ect0 or Quic.Ecn.NotEct));
            WireFrame[] acks = [.. packets.Where(p => p.Kind == WirePacketKind.OneRtt).SelectMany(p => p.Frames).Where(f => f.IsAck)];
            Assert.NotEmpty(acks);
            Assert.All(acks, f => Assert.Equal(WireFrame.AckEcn, f.Type));
            Assert.All(acks, f => Assert.Equal((0, 0), (f.EcnCounts.Ect1, f.EcnCounts.Ce)));
        }
    });

    [Fact]
    public void Amplificationlimit()
    {
        var scenario = new Scenario
        {
            ServerTls = tls => tls with { Credential = SimTls.LongServerCredential },
            ToServer = () => [new DropListLink(2, 3, 4, 5, 6, 7)],
        };
        SimPair.Run(9, scenario, pair =>
        {
            var meter = new AmplificationMeter(pair);
            pair.Download(60 * SimClock.Second, 5 * Kilobyte);
            pair.Drain();

            Assert.True(SimTls.LongServerCredential.CertificateChain.Sum(c => c.Length) > 3 * 1_200, "The chain would fit.");
            // It did use what it may, and was held up there.
            Assert.InRange(meter.HighestRatio, 2.5, 3);
        });
    }

    [Fact]
    public void Handshakeloss() => Multiconnect(10, new Scenario().With(() => new LossLink(0.30, maxBurst: 3)));

    [Fact]
    public void Handshakecorruption() => Multiconnect(11, new Scenario().With(() => new CorruptLink(0.30, maxBurst: 3)));

    [Fact]
    public void Transferloss() => SimPair.Run(12, new Scenario().With(() => new LossLink(0.02, maxBurst: 3)), pair =>
    {
        Connection connection = pair.Download(60 * SimClock.Second, 2 * Megabyte);
        pair.Drain(closeMayBeLost: true);

        Assert.True(pair.Server.Connections[0].Statistics.PacketsLost > 0);
        Assert.True(connection.Statistics.PacketsReceived > 1_000);
    });

    [Fact]
    public void Transfercorruption() => SimPair.Run(13, new Scenario().With(() => new CorruptLink(0.02, maxBurst: 3)), pair =>
    {
        pair.Download(60 * SimClock.Second, 2 * Megabyte);
        pair.Drain(closeMayBeLost: true);

        Assert.True(pair.Server.Connections[0].Statistics.PacketsLost > 0);
    });

    [Fact]
    public void Blackhole() => SimPair.Run(14, new Scenario().With(() => new BlackholeLink(5 * SimClock.Second, 2 * SimClock.Second)), pair =>
    {
        pair.Download(60 * SimClock.Second, 10 * Megabyte);
        pair.Drain(closeMayBeLost: true);
    });

    [Fact]
    public void Rebind_port() => Rebind(15, changesAddress: false);

    [Fact]
    public void Rebind_addr() => Rebind(16, changesAddress: true);

    [Fact]
    public void Ipv6() => SimPair.Run(17, new Scenario().OverIPv6(), pair =>
    {
        pair.World.Network.Routed += datagram => Assert.False(datagram.Source.IsIPv4 || datagram.Destination.IsIPv4);
        pair.Download(10 * SimClock.Second, Kilobyte);
        pair.Drain();
    });

    private static void Rebind(ulong seed, bool changesAddress) => SimPair.Run(seed, new Scenario { Nat = changesAddress }, pair =>
    {
        var meter = new AmplificationMeter(pair);
        pair.Nat!.RebindEvery(SimClock.Second, 5 * SimClock.Second);
        pair.Download(60 * SimClock.Second, 10 * Megabyte);
        pair.Drain();

        Assert.True(pair.Nat.Bindings.Count >= 3);
        Assert.True(pair.Events["server PathChanged"] >= 2);
        foreach (Address binding in pair.Nat.Bindings.Skip(1))
        {
            WirePacket? first = pair.Observer.From(Side.Server).FirstOrDefault(p => p.SentTo == binding);
            // Null where the binding came so late that nothing was sent any more.
            Assert.True(first is null || first.Has(WireFrame.PathChallenge), $"The first packet to {binding} was {first}.");
        }
        AssertChallengesAnswered(pair);
        Assert.InRange(meter.HighestRatio, 1, 3);
    });

    /// <summary>Every challenge that reached the client (those to a binding that was gone did not) comes back with its data.</summary>
    private static void AssertChallengesAnswered(SimPair pair)
    {
        Address last = pair.Nat!.External;
        HashSet<string> answered = [.. pair.Observer.FramesFrom(Side.Client).Where(f => f.Type == WireFrame.PathResponse).Select(f => Convert.ToHexString(f.Data.Span))];
        string[] challenges =
        [
            .. pair.Observer.From(Side.Server)
                .Where(p => p.SentTo == last)
                .SelectMany(p => p.Frames)
                .Where(f => f.Type == WireFrame.PathChallenge)
                .Select(f => Convert.ToHexString(f.Data.Span)),
        ];
        Assert.All(challenges, c => Assert.Contains(c, answered));
    }

    /// <summary>50 connections one after the other, each with its own handshake and a kilobyte.</summary>
    private static void Multiconnect(ulong seed, Scenario scenario)
    {
        var patient = new TransportOptions { HandshakeTimeout = 120 * SimClock.Second };
        SimPair.Run(seed, scenario with { ClientTransport = patient, ServerTransport = patient }, pair =>
        {
            var meter = new AmplificationMeter(pair);
            for (int i = 0; i < 50; i++)
            {
                pair.Download(120 * SimClock.Second, Kilobyte);
            }
            pair.Drain(closeMayBeLost: true);

            Assert.Equal(50, pair.Events["client Connected"]);
            Assert.InRange(meter.HighestRatio, 0.1, 3);
        });
    }

    private static bool Interleaves(IEnumerable<WireFrame> frames)
    {
        long[] streams = [.. frames.Where(f => f.IsStream && f.Data.Length > 0).Select(f => f.StreamId)];
        int lastOfFirst = Array.LastIndexOf(streams, 0);
        int firstOfLast = Array.IndexOf(streams, 8);
        return firstOfLast < lastOfFirst;
    }
}
