using System.Net;
using Quicprochat.Crypto;
using Quicprochat.Quic;
using Quicprochat.Transport.Sockets;

namespace Quicprochat.Transport.Tests.Loop;

/// <summary>
/// Endpoints, their loops, a network and the application on one thread, in virtual time: what a simulation of the whole system swaps is the socket, the clock,
/// the randomness and where callbacks run, and nothing else.
/// </summary>
internal sealed class OneThreadWorld : SynchronizationContext
{
    private const long LatencyMicros = 1000;

    private readonly List<Host> _hosts = [];
    private readonly PriorityQueue<(Address From, Address To, byte[] Payload), (long At, long Order)> _inFlight = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly ManualTime _time = new();
    private readonly int _seed;
    private long _order;

    public OneThreadWorld(int seed) => _seed = seed;

    /// <summary>Every datagram: when, from where, to where, and what.</summary>
    public List<string> Trace { get; } = [];

    public QuicEndpoint Open(int host)
    {
        var socket = new MemorySocket(this, Address.From(new IPAddress([192, 0, 2, (byte)host]), 4433));
        QuicEndpoint endpoint = QuicEndpoint.Create(
            new QuicEndpointOptions { TimeProvider = _time }, socket, new EndpointOptions { Random = new SeededRandom(_seed + host) }, this);
        _hosts.Add(new Host(endpoint, socket));
        return endpoint;
    }

    public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

    /// <summary>Runs everything there is to run until the scenario is over.</summary>
    public void Run(Func<Task> scenario)
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            Task goal = scenario();
            while (!goal.IsCompleted)
            {
                Assert.True(Step(), "Nothing is left to happen, and the scenario is not over.");
            }
            goal.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private bool Step()
    {
        if (_posted.TryDequeue(out (SendOrPostCallback Callback, object? State) posted))
        {
            posted.Callback(posted.State);
            return true;
        }
        if (_hosts.Find(static host => host.IsDue) is { } due)
        {
            due.Turn();
            return true;
        }
        long next = _hosts.Min(static host => host.Until);
        if (_inFlight.TryPeek(out _, out (long At, long Order) first))
        {
            next = Math.Min(next, first.At);
        }
        if (next == long.MaxValue)
        {
            return false;
        }
        _time.Now = Math.Max(_time.Now, next);
        while (_inFlight.TryPeek(out _, out first) && first.At <= _time.Now)
        {
            (Address from, Address to, byte[] payload) = _inFlight.Dequeue();
            _hosts.Find(host => host.Socket.LocalAddress == to)?.Socket.Arrived.Enqueue((from, payload));
        }
        foreach (Host host in _hosts)
        {
            host.IsDue |= host.Until <= _time.Now || host.Socket.Arrived.Count > 0;
        }
        return true;
    }

    private void Send(Address from, Address to, byte[] payload)
    {
        Trace.Add($"{_time.Now} {from} {to} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(payload))}");
        _inFlight.Enqueue((from, to, payload), (_time.Now + LatencyMicros, _order++));
    }

    private sealed class Host(QuicEndpoint endpoint, MemorySocket socket)
    {
        public MemorySocket Socket => socket;

        public long Until { get; private set; }

        public bool IsDue
        {
            get => field || socket.Woken;
            set;
        } = true;

        public void Turn()
        {
            socket.Woken = false;
            IsDue = endpoint.Loop.Turn(readable: true);
            if (endpoint.Loop.HasStopped)
            {
                endpoint.Loop.End();
                IsDue = false;
                Until = long.MaxValue;
            }
            else if (!IsDue)
            {
                Until = endpoint.Loop.PrepareSleep();
                IsDue = Until == 0;
            }
        }
    }

    private sealed class MemorySocket(OneThreadWorld world, Address local) : IUdpSocket
    {
        public Queue<(Address From, byte[] Payload)> Arrived { get; } = new();

        public bool Woken { get; set; }

        public Address LocalAddress => local;

        public int MaxSegments => 4;

        public bool CanReach(in Address remote) => true;

        public bool Wait(long timeoutMicros, bool writable) => throw new InvalidOperationException("Nothing waits here.");

        public void Wake() => Woken = true;

        public void Receive(ReceiveBatch batch)
        {
            batch.Clear();
            while (!batch.IsFull && Arrived.TryDequeue(out (Address From, byte[] Payload) datagram))
            {
                int offset = batch.Count * ReceiveBatch.SlotSize;
                datagram.Payload.CopyTo(batch.Buffer, offset);
                batch.Add(new ReceivedMessage(offset, datagram.Payload.Length, datagram.Payload.Length, new NetworkPath(local, datagram.From), Ecn.NotEct));
            }
        }

        public bool Send(SendBatch batch)
        {
            while (!batch.IsEmpty)
            {
                Transmit transmit = batch[0];
                foreach (byte[] datagram in batch.Buffer.AsSpan(batch.OffsetOf(0), transmit.Length).ToArray().Chunk(transmit.SegmentSize))
                {
                    world.Send(local, transmit.Path.Remote, datagram);
                }
                batch.Remove(1);
            }
            return true;
        }

        public void Dispose()
        {
        }
    }

    private sealed class ManualTime : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => Now;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(60).AddMicroseconds(Now);
    }

    public sealed class SeededRandom(int seed) : IRandomSource
    {
        private readonly Random _random = new(seed);

        public void Fill(Span<byte> destination) => _random.NextBytes(destination);
    }
}
