using System.Net;
using Quicprochat.Quic;
using Quicprochat.Quic.Tls;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Operations;

/// <summary>
/// Drives both ends by random calls of their API over a network with random faults, then mends the network and demands that everything written arrives.
/// The checks are in <see cref="FuzzEnd"/> (what applications see), <see cref="FlowMonitor"/> (what is on the wire) and here (how connections end, what stays behind).
/// </summary>
internal sealed class OperationFuzzer
{
    public const int DefaultOperations = 150;

    private const int MaxConnections = 3;
    private const int KeptDatagrams = 32;
    private const long SettleLimit = 120 * SimClock.Second;

    private readonly SimPair _pair;
    private readonly SeededRandom _random;
    private readonly SwitchLink[] _cables = [new(), new()];
    private readonly Dictionary<string, ConnectionModel> _models = [];
    private readonly List<FuzzEnd> _ends = [];
    private readonly List<FuzzEnd> _dialled = [];
    private readonly List<byte[]> _seen = [];
    private readonly HashSet<FuzzEnd> _closedHere = [];
    private bool _mended;
    private int _clientAddresses;

    private OperationFuzzer(SimWorld world)
    {
        World = world;
        _random = world.Random.Fork("operations");
        Scenario scenario = DrawScenario();
        _pair = SimPair.In(world, scenario);
        _pair.Observer.KeepsPackets = false;
        _ = new FlowMonitor(_pair.Observer, scenario);
        world.Network.Sent += (_, datagram) => Keep(datagram.Payload);
        world.Trace.Add("scenario", Describe(scenario));
    }

    public SimWorld World { get; }

    /// <summary>One whole run. What it throws names the seed and shows the last steps.</summary>
    public static void Run(ulong seed, int operations = DefaultOperations)
    {
        var world = new SimWorld(seed);
        try
        {
            new OperationFuzzer(world).Run(operations);
        }
        catch (Exception cause)
        {
            throw new SimulationException(seed, world.Trace.Tail(), cause);
        }
        finally
        {
            world.Trace.Keep(seed);
        }
    }

    /// <summary>The smallest number of operations, by halving, at which the seed still fails with the same words.</summary>
    public static int Shrink(ulong seed, int operations, string failure)
    {
        int fails = operations;
        int passes = 0;
        while (fails - passes > 1)
        {
            int middle = (fails + passes) / 2;
            try
            {
                Run(seed, middle);
                passes = middle;
            }
            catch (SimulationException e)
            {
                bool same = FirstLine(e.Message) == FirstLine(failure);
                (fails, passes) = same ? (middle, passes) : (fails, middle);
            }
        }
        return fails;
    }

    /// <summary>Finds the other end of a connection by what only its two ends can compute (RFC 9846 §7.5).</summary>
    public ConnectionModel Pair(FuzzEnd end)
    {
        byte[] secret = new byte[16];
        Assert.True(end.Connection!.TryExportKeyingMaterial("EXPORTER-sim-pair", [], secret));
        string key = Convert.ToHexString(secret);
        if (!_models.TryGetValue(key, out ConnectionModel? model))
        {
            _models.Add(key, model = new ConnectionModel());
        }
        if (end.Connection.Side == Side.Client)
        {
            Assert.Null(model.Client);
            model.Client = end;
        }
        else
        {
            Assert.Null(model.Server);
            model.Server = end;
        }
        return model;
    }

    public void OnClosed(FuzzEnd end)
    {
        ConnectionClose reason = end.Connection!.CloseReason!;
        bool expected = reason.Kind switch
        {
            CloseKind.LocalApplication => _closedHere.Contains(end),
            CloseKind.PeerApplication => true,
            // A server's connection that was made for a repeated Initial has no client, and a close may be lost.
            CloseKind.HandshakeTimeout or CloseKind.IdleTimeout => end.Connection.Side == Side.Server || _closedHere.Count > 0,
            CloseKind.StatelessReset => _closedHere.Count > 0,
            // An application's close before the handshake is complete shows as this (RFC 9000 §10.2.3).
            CloseKind.PeerTransport => reason.Code == (long)TransportErrorCode.ApplicationError && _closedHere.Count > 0,
            _ => false,
        };
        Assert.True(expected, $"The {end.Connection.Side}'s connection ended with {reason}.");
    }

    private static string FirstLine(string text) => text.Split('\n')[0];

    private void Run(int operations)
    {
        Dial();
        for (int i = 0; i < operations; i++)
        {
            Operate();
            World.RunFor(_random.Chance(0.5) ? 0 : _random.NextLong(60 * SimClock.Millisecond));
            CheckBounds();
        }
        Mend();
        Settle();
        CloseAll();
    }

    private void Dial()
    {
        var end = new FuzzEnd(this);
        _ends.Add(end);
        _dialled.Add(end);
        _pair.Connect(end);
        World.Trace.Add("op", "connect");
    }

    private ISimApplication Serve()
    {
        var end = new FuzzEnd(this);
        _ends.Add(end);
        return end;
    }

    private void Operate()
    {
        int dice = _random.Next(100);
        if (dice < 4)
        {
            DisturbNetwork();
            return;
        }
        if (dice < 8)
        {
            Inject();
            return;
        }
        if (dice < 9 && _dialled.Count < MaxConnections)
        {
            Dial();
            return;
        }
        FuzzEnd[] live = [.. _ends.Where(e => e.IsConnected && !e.IsClosed)];
        if (live.Length > 0)
        {
            FuzzEnd end = _random.Pick<FuzzEnd>(live);
            OperateOn(end, dice);
        }
    }

    private void OperateOn(FuzzEnd end, int dice)
    {
        StreamId stream = end.Streams.Count == 0 ? default : end.Streams[_random.Next(end.Streams.Count)];
        string who = $"{end.Connection!.Side}";
        switch (dice)
        {
            case < 22:
                StreamType type = _random.Chance(0.7) ? StreamType.Bidirectional : StreamType.Unidirectional;
                StreamId? opened = end.Open(type);
                World.Trace.Add("op", $"{who} open {type} -> {opened}");
                if (opened is { } id)
                {
                    end.Write(id, _random.Next(5_000), _random.Chance(0.2));
                }
                break;
            case var other when other >= 90 || end.Streams.Count == 0:
                OperateOnConnection(end, who);
                break;
            case < 50:
                int count = _random.Chance(0.5) ? _random.Next(200) : _random.Next(20_000);
                bool finish = _random.Chance(0.15);
                World.Trace.Add("op", $"{who} write {stream} {count} {finish}");
                end.Write(stream, count, finish);
                break;
            case < 78:
                int most = 1 + _random.Next(20_000);
                World.Trace.Add("op", $"{who} read {stream} {most}");
                end.Read(stream, most);
                break;
            case < 82:
                World.Trace.Add("op", $"{who} reset {stream}");
                end.Reset(stream, _random.Next(1_000));
                break;
            case < 86:
                World.Trace.Add("op", $"{who} stop {stream}");
                end.Stop(stream, _random.Next(1_000));
                break;
            default:
                World.Trace.Add("op", $"{who} release {stream}");
                end.Release(stream);
                break;
        }
    }

    private void OperateOnConnection(FuzzEnd end, string who)
    {
        switch (_random.Next(12))
        {
            case < 4:
                int size = _random.Next(1, 1_300);
                World.Trace.Add("op", $"{who} datagram {size}");
                end.SendDatagram(size, _random);
                break;
            case < 7:
                World.Trace.Add("op", $"{who} take datagrams");
                end.TakeDatagrams();
                break;
            case < 8:
                World.Trace.Add("op", $"{who} ping");
                end.Connection!.Ping();
                break;
            case < 10:
                World.Trace.Add("op", $"{who} update keys");
                end.Connection!.TryUpdateKeys();
                break;
            case 10 when _pair.Nat is null && AddressMayChange:
                World.Trace.Add("op", "client moves");
                _pair.Client.MoveTo(Address.FromBytes([192, 0, 2, (byte)(100 + (_clientAddresses++ % 100))], 50_000));
                break;
            case 11 when _random.Chance(0.1):
                Close(end);
                break;
        }
    }

    private void Close(FuzzEnd end)
    {
        long code = _random.Next(10_000);
        World.Trace.Add("op", $"{end.Connection!.Side} close {code}");
        _closedHere.Add(end);
        end.Close(code, $"seed says {code}");
    }

    private void DisturbNetwork()
    {
        if (_pair.Nat is { } nat && AddressMayChange && _random.Chance(0.5))
        {
            World.Trace.Add("op", "nat rebinds");
            nat.Rebind();
            return;
        }
        SwitchLink cable = _random.Pick<SwitchLink>(_cables);
        long duration = _random.NextLong(2 * SimClock.Second);
        World.Trace.Add("op", $"cable out for {duration} us");
        cable.IsOn = false;
        World.After(duration, () => cable.IsOn = true);
    }

    /// <summary>A handshake needs an address that stays (RFC 9000 §9).</summary>
    private bool AddressMayChange => _dialled.All(e => e.IsClosed || e.Connection is { IsConfirmed: true });

    /// <summary>Someone else sends: noise, an old datagram again, or an old datagram with a change, to either end, from its peer's address or another.</summary>
    private void Inject()
    {
        byte[] bytes = _random.Next(3) switch
        {
            0 => Noise(),
            1 when _seen.Count > 0 => [.. _seen[_random.Next(_seen.Count)]],
            _ when _seen.Count > 0 => Mutation.Of([.. _seen[_random.Next(_seen.Count)]], _random),
            _ => Noise(),
        };
        SimHost target = _random.Chance(0.5) ? _pair.Client : _pair.Server;
        Address from = _random.Chance(0.7)
            ? (target == _pair.Client ? _pair.Server.Address : _pair.Nat?.External ?? _pair.Client.Address)
            : Address.From(IPAddress.Parse("203.0.113.250"), 1);
        World.Trace.Add("op", $"inject {bytes.Length} B to {target.Name} from {from}");
        target.Endpoint.HandleDatagram(World.Now, new NetworkPath(target.Address, from), Ecn.NotEct, bytes);
    }

    private byte[] Noise()
    {
        byte[] noise = new byte[_random.Next(1_500)];
        _random.Fill(noise);
        return noise;
    }

    private void Keep(byte[] datagram)
    {
        if (_seen.Count < KeptDatagrams)
        {
            _seen.Add([.. datagram]);
        }
        else if (_random.Chance(0.05))
        {
            _seen[_random.Next(KeptDatagrams)] = [.. datagram];
        }
    }

    private void CheckBounds()
    {
        foreach (FuzzEnd end in _ends.Where(e => e.IsConnected && !e.IsClosed))
        {
            ConnectionStatistics statistics = end.Connection!.Statistics;
            Assert.InRange(statistics.BytesInFlight, 0, 64L << 20);
            Assert.InRange(statistics.MaxUdpPayloadSize, 1_200, 1_500);
            Assert.True(statistics.CongestionWindow >= 2 * 1_200, $"The congestion window is {statistics.CongestionWindow}.");
        }
        foreach (SimHost host in new[] { _pair.Client, _pair.Server })
        {
            // What streams hold in segments of 4 KiB: a window and a send buffer for each connection and direction, at the very most.
            long bound = (long)_ends.Count * 2 * ((8 << 20) / 4_096);
            Assert.InRange(host.Endpoint.Memory.SegmentsRented, 0, bound);
        }
    }

    private void Mend()
    {
        World.Trace.Add("op", "mend");
        _mended = true;
        foreach (SwitchLink cable in _cables)
        {
            cable.IsOn = true;
        }
    }

    /// <summary>On a good network everything that was written must arrive.</summary>
    private void Settle()
    {
        bool settled = World.RunUntil(() => IsEveryoneConnected() && SettleRound(), SettleLimit);
        if (settled)
        {
            return;
        }
        string rest = string.Join("; ", _models.Values.SelectMany(m => m.Halves).Where(h => !(h.Value.IsWritten && h.Value.IsRead)).Select(h => $"{h.Key.Stream} from {h.Key.Sender}: {h.Value}"));
        Assert.Fail($"After {SettleLimit / SimClock.Second} s on a good network something has not arrived: {rest}");
    }

    private bool IsEveryoneConnected() =>
        _dialled.All(e => e.IsConnected || e.IsClosed) && _models.Values.All(m => m.IsComplete || m.Client is { IsClosed: true } || m.Server is { IsClosed: true });

    private bool SettleRound()
    {
        bool all = true;
        foreach (FuzzEnd end in _ends.Where(e => e.IsConnected && !e.IsClosed))
        {
            all &= end.Settle();
        }
        foreach (ConnectionModel model in Open())
        {
            all &= model.Halves.All(h => h.Value.IsRead && h.Value.Acknowledged);
        }
        return all;
    }

    /// <summary>Connections that are open at both ends.</summary>
    private ConnectionModel[] Open() => [.. _models.Values.Where(m => m is { Client.IsClosed: false, Server.IsClosed: false })];

    private void CloseAll()
    {
        foreach (ConnectionModel model in Open())
        {
            FuzzEnd closing = _random.Chance(0.5) ? model.Client! : model.Server!;
            FuzzEnd other = closing == model.Client ? model.Server! : model.Client!;
            Close(closing);
            Assert.True(World.RunUntil(() => other.IsClosed, 10 * SimClock.Second), "The close did not arrive.");
            ConnectionClose sent = closing.Connection!.CloseReason!;
            Assert.Equal(new ConnectionClose(CloseKind.PeerApplication, sent.Code, 0, sent.Reason), other.Connection!.CloseReason);
        }
        World.RunFor(SimClock.Second);
        foreach (SimHost host in new[] { _pair.Client, _pair.Server })
        {
            Assert.True(World.RunUntil(() => host.Endpoint.ConnectionCount == 0, 300 * SimClock.Second), $"{host.Name} keeps {host.Endpoint.ConnectionCount} connections.");
            Assert.True(host.Endpoint.Memory.SegmentsRented == 0, $"{host.Name} keeps {host.Endpoint.Memory.SegmentsRented} segments of connections that are gone.");
        }
    }

    private Scenario DrawScenario()
    {
        double loss = _random.Chance(0.6) ? _random.NextDouble() * 0.1 : 0;
        double corrupt = _random.Chance(0.3) ? _random.NextDouble() * 0.05 : 0;
        double reorder = _random.Chance(0.5) ? _random.NextDouble() * 0.2 : 0;
        double duplicate = _random.Chance(0.3) ? _random.NextDouble() * 0.1 : 0;
        double mark = _random.Chance(0.3) ? _random.NextDouble() * 0.1 : 0;
        int mtu = _random.Pick<int>([1_200, 1_280, 1_400, 1_500, 1_500]);
        bool bleached = _random.Chance(0.15);
        bool nat = _random.Chance(0.3);
        SimLink[] Trouble(int direction) =>
        [
            _cables[direction],
            new WhileLink(() => !_mended, new LossLink(loss)),
            new WhileLink(() => !_mended, new CorruptLink(corrupt)),
            new WhileLink(() => !_mended, new ReorderLink(reorder, 30 * SimClock.Millisecond)),
            new WhileLink(() => !_mended, new DuplicateLink(duplicate, 10 * SimClock.Millisecond)),
            new EcnMarkLink(mark),
            new EcnMarkLink(bleached ? 1 : 0, Ecn.NotEct),
            new MtuLink(mtu),
        ];
        return new Scenario
        {
            Delay = 1 + _random.NextLong(100 * SimClock.Millisecond),
            BitsPerSecond = _random.Pick<long>([1_000_000, 10_000_000, 100_000_000]),
            QueueLength = _random.Next(10, 200),
            ToServer = () => Trouble(0),
            ToClient = () => Trouble(1),
            Nat = nat ? _random.Chance(0.5) : null,
            // Behind a NAT that forgets, only a client that speaks is heard.
            ClientTransport = DrawTransport() with { KeepAliveInterval = nat ? SimClock.Second : 0 },
            ServerTransport = DrawTransport(),
            ServerEndpoint = new EndpointOptions { Retry = _random.Pick<RetryPolicy>([RetryPolicy.Never, RetryPolicy.UnderLoad, RetryPolicy.Always]) },
            MaxSegments = _random.Pick<int>([1, 1, 4, 40]),
            ClientTls = DrawTls(),
            ServerTls = DrawServerTls(),
            Serving = Serve,
        };
    }

    private Func<TlsClientOptions, TlsClientOptions> DrawTls()
    {
        TlsCipherSuite suite = _random.Pick<TlsCipherSuite>([TlsCipherSuite.Aes128GcmSha256, TlsCipherSuite.Aes256GcmSha384, TlsCipherSuite.ChaCha20Poly1305Sha256]);
        TlsGroup group = _random.Pick<TlsGroup>([TlsGroup.X25519MLKEM768, TlsGroup.X25519]);
        return tls => tls with { CipherSuites = [suite], Groups = [group, TlsGroup.Secp256r1] };
    }

    private Func<TlsServerOptions, TlsServerOptions> DrawServerTls()
    {
        bool longChain = _random.Chance(0.2);
        // Sometimes the client's key share is of a group the server does not take: HelloRetryRequest.
        bool retries = _random.Chance(0.2);
        return tls => tls with
        {
            Credential = longChain ? SimTls.LongServerCredential : tls.Credential,
            Groups = retries ? [TlsGroup.Secp256r1] : tls.Groups,
        };
    }

    private TransportOptions DrawTransport() => new()
    {
        ConnectionWindow = _random.Pick<int>([4_000, 30_000, 1 << 20]),
        ConnectionWindowMax = _random.Pick<int>([1 << 20, 4 << 20]),
        StreamWindow = _random.Pick<int>([1_000, 10_000, 200_000]),
        StreamWindowMax = _random.Pick<int>([200_000, 1 << 20]),
        SendBufferMax = _random.Pick<int>([3_000, 30_000, 1 << 20]),
        MaxInboundBidirectionalStreams = _random.Pick<int>([1, 4, 100]),
        MaxInboundUnidirectionalStreams = _random.Pick<int>([0, 2, 10]),
        HandshakeTimeout = 60 * SimClock.Second,
        DatagramQueueLength = 512,
    };

    private static string Describe(Scenario s) =>
        $"delay {s.Delay} rate {s.BitsPerSecond} queue {s.QueueLength} nat {s.Nat} segments {s.MaxSegments} retry {s.ServerEndpoint.Retry}; client {s.ClientTransport}; server {s.ServerTransport}";
}
