using Quicprochat.Quic;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.Traces;

namespace Quicprochat.Simulation.World;

/// <summary>
/// Hosts and a network in virtual time, on one thread. All that happens follows from the seed: the same seed gives the same trace.
/// </summary>
internal sealed class SimWorld
{
    /// <summary>What may happen in one instant before time is taken to stand still: a host whose timer stays due, or two that answer each other without delay.</summary>
    private const int MaxAtOneInstant = 100_000;

    private readonly PriorityQueue<Action, (long Time, long Order)> _events = new();
    private readonly List<SimHost> _hosts = [];
    private long _order;
    private int _atThisInstant;

    public SimWorld(ulong seed)
    {
        Seed = seed;
        Random = new SeededRandom(seed);
        Trace = new SimTrace(Clock);
        Network = new SimNetwork(this);
    }

    public ulong Seed { get; }

    public SimClock Clock { get; } = new();

    public SeededRandom Random { get; }

    public SimTrace Trace { get; }

    public SimNetwork Network { get; }

    public IReadOnlyList<SimHost> Hosts => _hosts;

    public long Now => Clock.Now;

    /// <summary>Runs <paramref name="body"/> in a world of the seed (or of QPC_SEED); what it throws is given the seed and the trace.</summary>
    public static void Run(ulong seed, Action<SimWorld> body)
    {
        var world = new SimWorld(SimSeed.OrDefault(seed));
        try
        {
            body(world);
        }
        catch (Exception cause) when (cause is not SimulationException)
        {
            throw new SimulationException(world.Seed, world.Trace.Tail(), cause);
        }
        finally
        {
            world.Trace.Keep(world.Seed);
        }
    }

    /// <summary>A host with one address and a link to the network without any fault.</summary>
    public SimHost AddHost(string name, Address address, EndpointOptions? options = null)
    {
        options ??= new EndpointOptions();
        var host = new SimHost(this, name, address, options with { Random = Random.Fork("host " + name) });
        _hosts.Add(host);
        Network.Attach(host);
        return host;
    }

    /// <summary>Runs <paramref name="action"/> at <paramref name="time"/>; what was asked for first comes first.</summary>
    public void At(long time, Action action) => _events.Enqueue(action, (Math.Max(time, Now), _order++));

    /// <summary>Runs <paramref name="action"/> in <paramref name="delay"/> microseconds.</summary>
    public void After(long delay, Action action) => At(Now + delay, action);

    /// <summary>Runs until <paramref name="done"/>; false when <paramref name="limit"/> microseconds pass or nothing is left to happen before that.</summary>
    public bool RunUntil(Func<bool> done, long limit)
    {
        long end = Now + limit;
        PumpHosts();
        while (!done())
        {
            if (!Step(end))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Runs for <paramref name="duration"/> microseconds.</summary>
    public void RunFor(long duration)
    {
        long end = Now + duration;
        PumpHosts();
        while (Step(end))
        {
        }
        Clock.MoveTo(end);
    }

    /// <summary>Goes to the next instant at which something happens, and lets it happen. False when that lies behind <paramref name="end"/>.</summary>
    private bool Step(long end)
    {
        long next = _events.TryPeek(out _, out (long Time, long) head) ? head.Time : long.MaxValue;
        foreach (SimHost host in _hosts)
        {
            next = Math.Min(next, host.NextTimeout);
        }
        if (next > end || next == long.MaxValue)
        {
            return false;
        }
        MoveTo(Math.Max(next, Now));
        while (_events.TryPeek(out _, out head) && head.Time <= Now)
        {
            MoveTo(Now);
            _events.Dequeue()();
        }
        foreach (SimHost host in _hosts)
        {
            host.HandleTimeoutIfDue();
        }
        PumpHosts();
        return true;
    }

    private void MoveTo(long time)
    {
        if (time > Now)
        {
            _atThisInstant = 0;
        }
        else if (++_atThisInstant > MaxAtOneInstant)
        {
            string due = string.Join(", ", _hosts.Where(h => h.NextTimeout <= Now).Select(h => h.Name));
            throw new InvalidOperationException($"Time stands still at {Clock.Elapsed} us; timers due at: [{due}].");
        }
        Clock.MoveTo(time);
    }

    private void PumpHosts()
    {
        foreach (SimHost host in _hosts)
        {
            host.Pump();
        }
    }
}
